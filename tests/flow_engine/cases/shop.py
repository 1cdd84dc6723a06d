"""A small flow that has a little of everything a case can look at, and how the tests run cases on it."""

from __future__ import annotations

from flow_engine.cases import CaseResult, assemble, program_settings, read_case, run_case
from flow_engine.language import read_flow
from flow_engine.program import load_program
from flow_engine.vocabulary import JSONObject

SHOP = """\
id: shop
initial_state: MENU
global_transitions:
  - { on_payload: menu, target: MENU }
states:
  MENU:
    llm_fallback: true
    on_enter:
      - action: send_interactive_buttons
        body: "Hello{{ contact.name and (' ' + contact.name) }}!"
        header: Shop
        buttons: [{ id: book, title: Book }, { id: bye, title: Bye }]
    transitions:
      - { on_payload: book, set_data: { wish: { kind: visit, at: "10:00" } }, target: BOOK }
      - { on_payload: bye, target: BYE }
      - { on_type: [image], target: BYE }
    fallback: MENU
  BOOK:
    on_enter:
      - action: invoke_connector
        connector: calendar
        operation: book_appointment
        params: { date: "{{ data.today }}", time: "10:00", service: cut }
        result_key: booking
      - action: schedule_task
        task: reminder
        idempotency_key: "reminder:{{ data.booking.id }}"
        run_at: "2026-11-24T09:00"
      - { action: send_text, text: "Booked: {{ data.booking.id }}." }
      - action: send_interactive_buttons
        body: Anything else?
        buttons: [{ id: book, title: Book }, { id: undo, title: Undo }]
    transitions:
      - { on_payload: undo, target: UNDO }
    fallback: BYE
  UNDO:
    on_enter:
      - { action: cancel_task, idempotency_key: "reminder:{{ data.booking.id }}" }
      - { action: send_text, text: Undone. }
    fallback: MENU
  BYE:
    on_enter:
      - { action: send_text, text: "Bye." }
    fallback: MENU
tasks:
  reminder:
    - action: send_interactive_buttons
      body: "Remember {{ data.booking.id }}!"
      buttons: [{ id: menu, title: Menu }]
"""

SETTINGS: JSONObject = {"timezone": "Europe/Madrid", "llm_enabled": True}


def play(text: str) -> CaseResult:
    """Run the case that ``text`` is, on the shop."""
    reading = read_case(text, file="case.yaml")
    assert reading.case is not None, reading.diagnostics
    flow = read_flow(SHOP, file="shop.yaml")
    assert flow.program is not None, flow.diagnostics
    case = assemble(reading.case, (), SETTINGS)
    return run_case(case, load_program(flow.program, program_settings(case.settings)))
