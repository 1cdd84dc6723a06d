"""``transitions`` and ``global_transitions``: what moves a conversation."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue, StringConstraints

from flow_engine.language.construct import Construct, DataName, Expression, Flag, Payload, Target
from flow_engine.language.keywords import Keywords
from flow_engine.validation.limits import MAX_TRANSITIONS
from flow_engine.vocabulary import MessageType


def _as_list(value: object) -> object:
    """``on_type: text`` is short for a list of one."""
    return [value] if isinstance(value, str) else value


class Transition(Construct):
    r"""Moves to ``target`` when all its conditions hold (``on_…`` and ``condition``); at least one is given.

    ``on_payload`` is the id of what was tapped (or the same text typed), ``on_payload_prefix`` its
    beginning, whose rest goes to ``data`` under ``extract_suffix_as``; ``on_type`` is the kind of the
    message, one or several; ``condition`` an expression. ``on_text`` are words that the whole text is compared with,
    case, accents, punctuation and emoji aside; ``on_pattern`` is a pattern (RE2) that fits somewhere in a typed text,
    whose named groups go to ``data``; ``on_referral`` fits a message that answers an advertisement. ``set_data`` is
    written before the target is entered.

    A pattern looks at the text as it was typed: begin it with ``(?i)`` where case does not matter, and write accents as
    ``[eé]``. A button and a word that lead to the same place are two transitions, because one with both ``on_payload``
    and ``on_text`` asks for both at once; while the button is shown its ``synonyms`` do.

    A global transition with ``return: true`` interrupts. The interruption may go through several states: it is over in
    the first that has nothing to ask (no buttons or list, no ``collect``, no transitions), or with ``@return``,
    ``@end`` or the action ``end``. Then the question that was open is asked again; what was written to ``data`` stays.
    Another global transition without ``return`` on the way leaves the old question for good.

    ```yaml
    - on_payload_prefix: "day_"
      extract_suffix_as: "selected_date"
      target: CHOOSE_TIME
    - on_pattern: '(?i)\bcancel'     # "Please CANCEL my order" too
      target: CANCELLED
    ```
    """

    on_payload: Payload | None = None
    on_payload_prefix: Payload | None = None
    extract_suffix_as: DataName | None = None
    on_type: Annotated[
        tuple[MessageType, ...] | None,
        BeforeValidator(_as_list, json_schema_input_type=MessageType | tuple[MessageType, ...] | None),
        Field(min_length=1),
    ] = None
    on_text: Keywords | None = None
    on_pattern: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None
    on_referral: Flag = False
    condition: Expression | None = None
    set_data: dict[DataName, JsonValue] = Field(default_factory=dict)
    target: Target
    return_: Flag = Field(default=False, alias="return")


type Transitions = Annotated[tuple[Transition, ...], Field(max_length=MAX_TRANSITIONS)]
"""Tried in order; the first that fits is taken."""
