"""One customer's booking on the shipped hairdresser flow, from the first word to the confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bench.conversations.recording import Recorder, Recording
from flow_engine.language import read_flow
from flow_engine.program import ProgramSettings, load_program
from flow_engine.vocabulary import JSON, JSONObject

FLOW = Path(__file__).parents[2] / "flows" / "peluqueria_flow.yaml"
SETTINGS = ProgramSettings(timezone="Europe/Madrid", language="es", llm_enabled=True)
LAST_STATE = "RESERVADA"

FIRST_WORD = "hola"
TAPS = ("menu_book", "service_corte", "day_2026-03-04", "slot_11:00", "confirm_yes")

CALENDAR: Mapping[str, JSON] = {
    "get_services": [{"id": f"service_{name}", "title": name.title()} for name in ("corte", "color", "barba")],
    "get_available_days": [{"id": f"day_2026-03-{day:02}", "title": f"Miércoles {day}"} for day in range(3, 13)],
    "get_available_slots": [{"id": f"slot_{hour}:00", "title": f"{hour}:00"} for hour in range(10, 20)],
    "book_appointment": {
        "event_id": "event-1",
        "service": "corte",
        "title": "Corte",
        "when": "miércoles 4 de marzo a las 11:00",
        "reminder_time": "2026-03-03T11:00:00+01:00",
    },
}
"""What the calendar answers: lists as long as a WhatsApp list can be."""


def normalised_flow() -> JSONObject:
    reading = read_flow(FLOW.read_text(encoding="utf-8"), file=FLOW.name)
    if reading.program is None:
        raise AssertionError(f"the flow has faults: {reading.diagnostics}")
    return reading.program


def record_booking() -> Recording:
    recorder = Recorder(load_program(normalised_flow(), SETTINGS), CALENDAR)
    recorder.type(FIRST_WORD)
    for option_id in TAPS:
        recorder.tap(option_id)
    return recorder.recording(LAST_STATE)
