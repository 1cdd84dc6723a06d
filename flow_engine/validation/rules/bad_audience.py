"""``F145``: an audience that is no list of people."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.catalog import operation_of
from flow_engine.validation.expressions import nodes_of_condition
from flow_engine.validation.outline import Outline, Part
from flow_engine.validation.roots import roots
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for audience in outline.audiences():
        operation = operation_of(audience.text("connector"), audience.text("operation"), outline.surroundings.catalog)
        path = (*audience.path, "operation")
        if operation is not None and operation.writes:
            yield Fault(path, "An audience is read, and this operation changes something.", "Use one that reads.")
        elif operation is not None and operation.result is not None and not isinstance(operation.result, list):
            yield Fault(path, "This operation gives no list.", "Use one that gives a list.")
        yield from _contact(audience)


def _contact(audience: Part) -> Iterator[Fault]:
    contact = audience.word("contact")
    nodes = () if contact is None else nodes_of_condition(contact.text)
    if contact is not None and nodes and not any("item" in roots(node) for node in nodes):
        message = "The contact is the same for every item."
        yield Fault(contact.path, message, 'Take it out of the item: "item.contact_id".')


RULE = Rule(
    code="F145",
    name="bad-audience",
    severity=Severity.ERROR,
    reason="An audience is a list that a connector gives, and each item of it has the contact to write to.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type menu."
    fallback: MENU
global_transitions:
  - on_payload: "menu"
    target: MENU
tasks:
  reminder:
    - action: send_template
      name: see_you_soon
      language: en
standing_schedules:
  - id: tomorrow
    task: reminder
    cron: "0 18 * * *"
    for_each:
      connector: calendar
      operation: list_appointments
      contact: "contact.phone" # here
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type menu."
    fallback: MENU
global_transitions:
  - on_payload: "menu"
    target: MENU
tasks:
  reminder:
    - action: send_template
      name: see_you_soon
      language: en
standing_schedules:
  - id: tomorrow
    task: reminder
    cron: "0 18 * * *"
    for_each:
      connector: calendar
      operation: list_appointments
      contact: "item.contact_id"
""",
    find=_find,
)
