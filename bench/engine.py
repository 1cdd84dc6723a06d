"""What one engine step costs on the shipped hairdresser flow: snapshot JSON in, event, new JSON out."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import orjson

from bench.figure import Figure, figure
from flow_engine.conversation_codec import decode_state, encode_state
from flow_engine.effect_codec import encode_effect
from flow_engine.effects import CallConnector
from flow_engine.events import ConnectorReplied, Event, MessageReceived
from flow_engine.interpreter import advance, start
from flow_engine.language import read_flow
from flow_engine.messages import InternalMessage
from flow_engine.program import Program, ProgramSettings, load_program
from flow_engine.vocabulary import JSON, MessageType

ROUNDS = 7
BOOKINGS_PER_ROUND = 300
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FLOW = Path(__file__).parents[1] / "flows" / "peluqueria_flow.yaml"
AGAINST = "<= 20 us, mean over a booking with decode, match, render, degrade, encode and trace (target of the language)"

BOOKING = ("hola", "menu_book", "service_corte", "day_2026-03-04", "slot_11:00", "confirm_yes")
"""What the customer types first and taps then."""

CALENDAR: Mapping[str, JSON] = {
    "get_services": [{"id": f"service_{name}", "title": name.title()} for name in ("corte", "color", "barba")],
    "get_available_days": [{"id": f"day_2026-03-{day:02}", "title": f"Miércoles {day}"} for day in range(3, 13)],
    "get_available_slots": [{"id": f"slot_{hour}:00", "title": f"{hour}:00"} for hour in range(10, 20)],
    "book_appointment": {
        "event_id": "event-1",
        "title": "Corte",
        "when": "miércoles 4 de marzo a las 11:00",
        "reminder_time": "2026-03-03T11:00:00+01:00",
    },
}
"""What the calendar answers: lists as long as a WhatsApp list can be."""


def main() -> Iterable[Figure]:
    reading = read_flow(FLOW.read_text(encoding="utf-8"), file=FLOW.name)
    if reading.program is None:
        raise AssertionError(f"the flow has faults: {reading.diagnostics}")
    program = load_program(reading.program, ProgramSettings(timezone="Europe/Madrid", language="es", llm_enabled=True))
    yield figure("engine.step_us", [_time_round(program) for _ in range(ROUNDS)], unit="us", against=AGAINST)


def _time_round(program: Program) -> float:
    steps = 0
    began = time.process_time()  # the engine only computes; wall time would measure the neighbours
    for number in range(BOOKINGS_PER_ROUND):
        steps += _book(program, f"whatsapp:{number}")
    return (time.process_time() - began) / steps * 1_000_000


def _book(program: Program, conversation_id: str) -> int:
    """One customer from the first word to the confirmation; returns the number of steps."""
    stored = orjson.dumps(encode_state(start(conversation_id, "whatsapp", "customer")))
    steps = 0
    state = None
    for payload in BOOKING:
        event: Event | None = MessageReceived(NOW, _message(payload))
        while event is not None:
            step = advance(program, decode_state(orjson.loads(stored)), event)
            stored = orjson.dumps(encode_state(step.snapshot))
            for effect in step.effects:
                orjson.dumps(encode_effect(effect))
            steps += 1
            state, waiting = step.snapshot.state, step.snapshot.waiting
            event = None
            if waiting is not None and isinstance(waiting.call, CallConnector):
                event = ConnectorReplied(NOW, waiting.call.id, CALENDAR[waiting.call.operation])
    if state != "RESERVADA":
        raise AssertionError(f"the booking ended in {state}")
    return steps


def _message(payload: str) -> InternalMessage:
    if payload == BOOKING[0]:
        return InternalMessage("m", "customer", MessageType.TEXT, NOW, text=payload, contact_name="Ana")
    type_ = MessageType.BUTTON if payload.startswith(("menu_", "confirm_")) else MessageType.LIST
    return InternalMessage("m", "customer", type_, NOW, text=payload, payload=payload, contact_name="Ana")
