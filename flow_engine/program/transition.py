from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from sys import intern

from flow_engine.expressions import Condition, ValueTemplate
from flow_engine.program.computed import check_data_name, read_data_name
from flow_engine.program.reading import Fields
from flow_engine.program.wording import Wording, read_wording
from flow_engine.vocabulary import MessageType


@dataclass(frozen=True, slots=True)
class Transition:
    """One way out of a state. Every condition that is there must hold; at least one is there.

    ``typed_payload`` is ``on_payload`` as it is compared with a typed text (trimmed, case ignored).
    ``set_data`` is rendered as a whole before anything of it is written, so its order means nothing.
    With ``returns``, which only a global transition has, the open question is put aside and asked again later.
    """

    target: str
    on_payload: str | None
    typed_payload: str | None
    on_payload_prefix: str | None
    extract_suffix_as: str | None
    on_type: frozenset[MessageType] | None
    condition: Condition | None
    set_data: Mapping[str, ValueTemplate]
    returns: bool = False
    wording: Wording | None = None


def read_transition(fields: Fields) -> Transition:
    on_payload = fields.optional_text("on_payload")
    transition = Transition(
        target=fields.target("target"),
        on_payload=on_payload,
        typed_payload=None if on_payload is None else intern(fold_typed(on_payload)),  # mostly the same text
        on_payload_prefix=fields.optional_text("on_payload_prefix"),
        extract_suffix_as=read_data_name(fields, "extract_suffix_as"),
        on_type=_read_types(fields),
        condition=fields.condition("condition"),
        set_data=read_set_data(fields),
        returns=fields.optional("return") is True,
        wording=read_wording(fields),
    )
    triggers = (on_payload, transition.on_payload_prefix, transition.on_type, transition.condition, transition.wording)
    if all(trigger is None for trigger in triggers):
        fields.fail("target", "a transition without any condition would always be taken")
    return transition


def fold_typed(text: str) -> str:
    """A payload, or a text typed in its place, as the two are compared."""
    return text.strip().casefold()


def _read_types(fields: Fields) -> frozenset[MessageType] | None:
    if fields.optional("on_type") is None:
        return None
    try:
        return frozenset(MessageType(str(name)) for name in fields.items("on_type"))
    except ValueError as fault:
        fields.fail("on_type", str(fault))


def read_set_data(fields: Fields, key: str = "set_data") -> Mapping[str, ValueTemplate]:
    """Names in data and the values they take; none where there is nothing."""
    values = fields.optional_child(key)
    if values is None:
        return {}
    for name in values.keys():  # noqa: SIM118  # a reader is not a dict
        check_data_name(values, name, name)
    return {name: values.value_template(name) for name in values.keys()}  # noqa: SIM118  # see above
