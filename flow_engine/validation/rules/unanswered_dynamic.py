"""``F159``: choices from a connector that no transition answers."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.catalog import operation_of
from flow_engine.validation.outline import Outline, Part, StateOutline
from flow_engine.validation.rule import Fault, Rule
from flow_engine.vocabulary import JSON


def _find(outline: Outline) -> Iterator[Fault]:
    looks = _looks_of_ids(outline)
    for graph in outline.graphs():
        nearby = (*graph.global_transitions, *(outline.global_transitions if graph is not outline else ()))
        for state in graph.states.values():
            for action in state.on_enter:
                if action.text("action") == "send_dynamic_options" and not state.part.has("collect"):
                    yield from _check(action, state, nearby, looks.get(action.text("source_key") or ""))


def _check(action: Part, state: StateOutline, nearby: tuple[Part, ...], example: str | None) -> Iterator[Fault]:
    if not any(_answers(way, example) for way in (*state.transitions, *nearby)):
        begin = "" if example is None else f" They look like '{example}'."
        hint = "Add a transition with on_payload_prefix and extract_suffix_as."
        yield Fault((*action.path, "source_key"), f"No transition answers these choices.{begin}", hint)


def _answers(way: Part, example: str | None) -> bool:
    """Any prefix will do where the ids are not known, and so does any key that is none of the language's."""
    payload, prefix = way.text("on_payload"), way.text("on_payload_prefix")
    if prefix is not None:
        return example is None or example.startswith(prefix)
    return payload is None and not way.has("on_text") and not way.has("on_pattern")


def _looks_of_ids(outline: Outline) -> dict[str, str | None]:
    """How the ids in a list look, by its name, if all calls that fill it are of one operation in the catalogue."""
    looks: dict[str, str | None] = {}
    for call in outline.actions():
        key = call.text("result_key")
        if key is not None:
            operation = operation_of(call.text("connector"), call.text("operation"), outline.surroundings.catalog)
            example = _example(None if operation is None else operation.result)
            looks[key] = example if looks.get(key, example) == example else None
    return looks


def _example(result: JSON) -> str | None:
    first = result[0] if isinstance(result, list) and result else None
    identity = first.get("id") if isinstance(first, dict) else None
    return identity if isinstance(identity, str) else None


RULE = Rule(
    code="F159",
    name="unanswered-dynamic-options",
    severity=Severity.WARNING,
    reason="Whoever taps one is treated as if they had typed something unknown.",
    wrong="""\
id: shop
initial_state: DAY
states:
  DAY:
    on_enter:
      - action: invoke_connector
        connector: calendar
        operation: get_available_days
        params:
          from_date: "{{ data.today }}"
        result_key: days
      - action: send_dynamic_options
        source_key: days # here
        text: "Which day suits you?"
    transitions:
      - on_payload_prefix: "dia_"
        extract_suffix_as: day
        target: NOTED
  NOTED:
    on_enter:
      - action: send_text
        text: "Noted: {{ data.day }}."
    fallback: DAY
""",
    right="""\
id: shop
initial_state: DAY
states:
  DAY:
    on_enter:
      - action: invoke_connector
        connector: calendar
        operation: get_available_days
        params:
          from_date: "{{ data.today }}"
        result_key: days
      - action: send_dynamic_options
        source_key: days
        text: "Which day suits you?"
    transitions:
      - on_payload_prefix: "day_"
        extract_suffix_as: day
        target: NOTED
  NOTED:
    on_enter:
      - action: send_text
        text: "Noted: {{ data.day }}."
    fallback: DAY
""",
    find=_find,
)
