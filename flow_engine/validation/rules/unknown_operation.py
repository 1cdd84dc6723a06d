"""``F110``: a connector, or an operation of one, that does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part, Word
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import suggest


def _find(outline: Outline) -> Iterator[Fault]:
    catalog = outline.surroundings.catalog
    for call in (*_calls(outline), *outline.audiences()):
        connector, operation = call.word("connector"), call.word("operation")
        if connector is None:
            continue
        if connector.text not in catalog:
            yield _fault(connector, f"There is no connector '{connector.text}'.", catalog)
        elif operation is not None and operation.text not in catalog[connector.text]:
            message = f"The connector '{connector.text}' has no operation '{operation.text}'."
            yield _fault(operation, message, catalog[connector.text])


def _calls(outline: Outline) -> Iterator[Part]:
    yield from (action for action in outline.actions() if action.text("action") == "invoke_connector")


def _fault(word: Word, message: str, known: Iterable[str]) -> Fault:
    return Fault(word.path, message, suggest(word.text, known))


RULE = Rule(
    code="F110",
    name="unknown-operation",
    severity=Severity.ERROR,
    reason="The call fails every time, and the customer reads that something went wrong.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: invoke_connector
        connector: calendar
        operation: get_avialable_days # here
        params:
          from_date: "{{ data.today }}"
        result_key: days
      - action: send_text
        text: "We have {{ data.days | length }} free days."
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: invoke_connector
        connector: calendar
        operation: get_available_days
        params:
          from_date: "{{ data.today }}"
        result_key: days
      - action: send_text
        text: "We have {{ data.days | length }} free days."
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
