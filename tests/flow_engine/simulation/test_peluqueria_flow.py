"""The shipped hairdresser's flow, from greeting to reminder, with a scripted calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flow_engine.language import read_flow
from flow_engine.outputs.output import Template, Text
from flow_engine.simulation import Conversation
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind
from tests.flow_engine.spoken import spoken
from tests.flow_engine.world import MONDAY, World, load

FLOW = Path(__file__).parents[3] / "flows" / "peluqueria_flow.yaml"
CALENDAR: Mapping[str, JSON] = {
    "get_services": [{"id": "service_corte", "title": "Corte"}, {"id": "service_color", "title": "Color"}],
    "get_available_days": [{"id": "day_2026-03-04", "title": "Miércoles 4"}],
    "get_available_slots": [{"id": "slot_10:00", "title": "10:00"}, {"id": "slot_10:30", "title": "10:30"}],
    "book_appointment": {
        "event_id": "e1",
        "title": "Corte",
        "when": "miércoles 4 de marzo a las 10:30",
        "reminder_time": "2026-03-03T10:30:00+01:00",
    },
    "list_appointments": [{"id": "appt_e1", "title": "Mié 4, 10:30", "description": "Corte"}],
    "cancel_appointment": {"event_id": "e1"},
}


@pytest.fixture
def world() -> World:
    return World(CALENDAR, llm=(AnswerOutcome.ANSWERED, "El corte cuesta 18 €."))


@pytest.fixture
def chat(world: World) -> Conversation:
    reading = read_flow(FLOW.read_text(encoding="utf-8"), file=FLOW.name)
    assert reading.program is not None, reading.diagnostics
    program = load(reading.program, language="es", llm_enabled=True)
    return Conversation(program, world.perform, MONDAY, channel="whatsapp", contact_id="ana", name="Ana")


def test_a_booking_by_words_alone_ends_in_an_appointment_and_a_reminder(chat: Conversation, world: World) -> None:
    for words in ("Hola!", "reservar", "corte", "miercoles 4", "2", "sí"):
        chat.say(words)
    assert chat.state == "RESERVADA"
    assert world.calls[-1].params == {"date": "2026-03-04", "time": "10:30", "service": "corte", "contact_name": "Ana"}
    assert world.tasks["reminder:e1"].run_at == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def test_the_reminder_tells_of_the_appointment_it_was_made_for(chat: Conversation, world: World) -> None:
    for payload in ("x", "menu_book", "service_corte", "day_2026-03-04", "slot_10:30", "confirm_yes"):
        chat.tap(payload)
    reminder = world.tasks["reminder:e1"]
    (said,) = chat.run_task(reminder.task, reminder.idempotency_key, dict(reminder.data))
    assert isinstance(said, Template)
    assert said.text is not None
    assert "corte, miércoles 4 de marzo a las 10:30" in said.text
    assert chat.state == "RESERVADA"


def test_an_appointment_is_cancelled_with_its_reminder(chat: Conversation, world: World) -> None:
    for payload in ("x", "menu_book", "service_corte", "day_2026-03-04", "slot_10:30", "confirm_yes"):
        chat.tap(payload)
    for words in ("mis citas", "1", "cancelarla", "sí, cancelar"):
        chat.say(words)
    assert chat.state == "CANCELADA"
    assert world.calls[-1].params == {"event_id": "e1"}
    assert world.tasks == {}


def test_a_question_in_the_middle_of_a_booking_loses_nothing(chat: Conversation, world: World) -> None:
    chat.say("hola")
    question = chat.tap("menu_book")
    assert chat.say("¿Cuánto cuesta un corte?") == (Text("El corte cuesta 18 €."), *question)
    chat.say("Corte")
    assert chat.state == "ELEGIR_DIA"


def test_a_slot_that_was_taken_leads_back_to_a_choice_and_schedules_nothing(chat: Conversation, world: World) -> None:
    world.answers["book_appointment"] = FailureKind.CONFLICT
    for payload in ("x", "menu_book", "service_corte", "day_2026-03-04", "slot_10:30", "confirm_yes"):
        chat.tap(payload)
    assert chat.state == "HORA_OCUPADA"
    (said,) = chat.replies
    assert spoken(said) == "¡Vaya! Esa hora se acaba de ocupar. ¿Buscamos otra?"
    assert world.tasks == {}


def test_every_message_fits_whatsapp_as_it_was_written(chat: Conversation) -> None:
    for words in ("hola", "reservar", "1", "1", "1", "sí", "mis citas", "1", "cancelarla", "no", "gracias", "menú"):
        chat.say(words)
        assert [entry for entry in chat.trace if type(entry).__name__ == "OutputDegraded"] == []
