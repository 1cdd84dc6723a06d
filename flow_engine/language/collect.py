"""``collect``: ask for an answer of one kind and keep it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue, StrictInt
from pydantic_core import PydanticCustomError

from flow_engine.answers import AnswerKind
from flow_engine.language.construct import Construct, DataName, Expression, LocalisedText, Payload, Target, Text
from flow_engine.language.keywords import Keywords


def _bound(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise PydanticCustomError("bound", "a bound is a number or a text")
    return value


type Bound = Annotated[JsonValue, BeforeValidator(_bound, json_schema_input_type=int | float | Text)]
"""A number, or a text (with or without a template) that becomes a number, a date or a time."""


class Choice(Construct):
    """One of the options of a choice. ``id`` is what is kept; ``synonyms`` count as its title when typed."""

    id: Payload
    title: LocalisedText
    description: LocalisedText | None = None
    synonyms: Keywords | None = None


class Collect(Construct):
    """Asks ``text`` once ``on_enter`` is done, and keeps the answer in ``data`` under ``save_as``.

    ``type`` says what is understood; answers are read as people write them ("mañana a las 5", "half past ten",
    "1.234,50"). One with several meanings is asked back. ``validate`` is a condition over ``value`` and all
    the rest; ``min`` and ``max`` are bounds (for a text: of its length). An answer that cannot be used is met with
    ``retry_text``; after ``max_tries`` of them the target ``on_max_tries`` follows, or the state's fallback. With
    neither the question is asked again without end. What is asked back, and a question that the LLM answers, is no try.

    ``options`` belong to a choice. They are buttons, and a list as soon as one of them has a ``description`` or the
    channel has no room for so many buttons. What opens that list is the sentence ``list_button`` ("See options"), which
    a tenant words in its ``sentences``. The id is kept, not the title: see [recipes](#recipes).

    A ``phone`` without a country code is one of the region of the contact's language (``es-MX``), else of
    ``business.country`` (``ES``), else of the region of the tenant's language; with none of them it is asked again.

    ```yaml
    WHEN:
      collect:
        type: date
        text: "Which day?"
        save_as: day
        min: "{{ data.today }}"
        validate: 'value != "2026-12-25"'
        target: HOW_MANY
    ```
    """

    type: AnswerKind
    save_as: DataName
    text: LocalisedText | None = None
    retry_text: LocalisedText | None = None
    validate_: Expression | None = Field(default=None, alias="validate")
    max_tries: Annotated[StrictInt, Field(ge=1, le=20)] = 3
    on_max_tries: Target | None = None
    options: tuple[Choice, ...] = ()
    min: Bound | None = None
    max: Bound | None = None
    target: Target
    set_data: dict[DataName, JsonValue] = Field(default_factory=dict)
