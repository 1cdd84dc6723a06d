"""The phone: the shipped hairdresser, played as its author would, with the clock and the faults in her hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow_engine.language import read_flow
from flow_engine.program import ProgramSettings, load_program
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.phone import Chat, ScriptError, play, read_script
from platform_admin.authoring.phone.sandbox import Business
from platform_admin.authoring.reasons import Reasons

ROOT = Path(__file__).parents[4]
FLOW = (ROOT / "flows" / "peluqueria_flow.yaml").read_text()
LUNA = Business(
    timezone="Europe/Madrid",
    language="es",
    knowledge=(ROOT / "flows" / "peluqueria" / "knowledge.md").read_text(),
    connectors={"calendar": {"type": "google_calendar", "credentials_path": "/gone", "slot_duration_min": 30}},
)
THURSDAY = "2026-11-26T17:05"

SAY_HELLO: JSONObject = {"do": "say", "text": "hola"}
BOOK: JSONObject = {"do": "tap", "payload": "menu_book"}
CUT: JSONObject = {"do": "tap", "payload": "service_cut"}
FRIDAY: JSONObject = {"do": "tap", "payload": "day_2026-11-27"}
AT_TEN: JSONObject = {"do": "tap", "payload": "slot_10:00"}
YES: JSONObject = {"do": "tap", "payload": "confirm_yes"}


def chat(*moves: JSON, business: Business = LUNA, **script: Any) -> Chat:
    reading = read_flow(FLOW, file="flow.yaml")
    assert reading.program is not None
    program = load_program(reading.program, ProgramSettings(business.timezone, business.language, llm_enabled=True))
    return play(
        program, Reasons(reading.program), read_script({"now": THURSDAY, "moves": list(moves), **script}), business
    )


def said(played: Chat) -> list[str]:
    """The bot's words, bubble by bubble."""
    return [str((bubble.output or {}).get("body")) for bubble in played.bubbles if bubble.by == "bot"]


def test_an_empty_chat_stands_before_the_first_word() -> None:
    played = chat()
    assert (played.bubbles, played.state, played.path, played.problem) == ((), None, (), None)
    assert played.now == "2026-11-26T17:05+01:00"


def test_a_booking_runs_through_the_sandboxs_calendar_and_schedules_its_reminder() -> None:
    played = chat(SAY_HELLO, BOOK, CUT, FRIDAY, AT_TEN, YES)
    assert played.state == "RESERVADA"
    assert played.path[:5] == ("BIENVENIDA", "ELEGIR_SERVICIO", "ELEGIR_DIA", "ELEGIR_HORA", "CONFIRMAR")
    assert said(played)[-1].startswith("¡Hecho! ✅ Te esperamos el")
    assert played.data["selected_date"] == "2026-11-27"


def test_the_same_chat_is_the_same_answer() -> None:
    moves = (SAY_HELLO, BOOK, CUT, FRIDAY, AT_TEN, YES)
    assert chat(*moves) == chat(*moves)


def test_a_free_question_is_answered_from_the_faq_and_the_open_question_asked_again() -> None:
    played = chat(SAY_HELLO, BOOK, {"do": "say", "text": "¿Cuánto cuesta el corte?"})
    assert "18 €" in said(played)[-2]
    assert said(played)[-1] == "¡Estupendo! ¿Qué te hacemos?"
    assert played.state == "ELEGIR_SERVICIO"


FAULTS = [
    ({"connector": "calendar", "kind": "unavailable"}, BOOK, "SIN_CALENDARIO"),
    ({"connector": "calendar", "kind": "timeout"}, BOOK, "SIN_CALENDARIO"),
    ({"connector": "calendar", "kind": "empty"}, BOOK, "MENU"),
    ({"connector": "llm", "kind": "quota"}, {"do": "say", "text": "¿Cuánto cuesta el corte?"}, "BIENVENIDA"),
]


@pytest.mark.parametrize(("fault", "move", "state"), FAULTS, ids=lambda value: str(value)[:60])
def test_a_fault_is_met_as_it_would_be_in_earnest(fault: JSONObject, move: JSONObject, state: str) -> None:
    played = chat(SAY_HELLO, {"do": "fault", **fault}, move)
    assert played.state == state
    assert said(played)[-1]
    mended = chat(
        SAY_HELLO, {"do": "fault", **fault}, {"do": "fault", "connector": fault["connector"], "kind": None}, BOOK
    )
    assert mended.state == "ELEGIR_SERVICIO"


def test_time_passes_on_a_word_and_the_window_closes() -> None:
    later = chat(SAY_HELLO, {"do": "wait", "minutes": 120})
    assert (later.now, later.window_open) == ("2026-11-26T19:05+01:00", True)
    tomorrow = chat(SAY_HELLO, {"do": "until", "at": "09:00"})
    assert (tomorrow.now, tomorrow.window_open) == ("2026-11-27T09:00+01:00", True)
    assert chat(SAY_HELLO, {"do": "wait", "minutes": 24 * 60}).window_open is False


def test_the_reminder_comes_when_its_time_comes() -> None:
    monday: JSONObject = {"do": "tap", "payload": "day_2026-11-30"}
    booked = chat(SAY_HELLO, BOOK, CUT, monday, AT_TEN, YES)
    (waiting,) = [item for item in booked.waiting if item["what"] == "reminder"]
    reminded = chat(SAY_HELLO, BOOK, CUT, monday, AT_TEN, YES, {"do": "wait", "minutes": 4 * 24 * 60})
    assert [item for item in reminded.waiting if item["what"] == "reminder"] == []
    assert len(said(reminded)) > len(said(booked))
    assert str(waiting["at"]).startswith("2026-11-29T")


def test_an_old_button_is_answered_in_context() -> None:
    played = chat(SAY_HELLO, BOOK, CUT, FRIDAY, {"do": "tap", "payload": "service_color", "old": True})
    assert played.problem is None
    assert said(played)[-1]


def test_a_button_that_the_edited_draft_no_longer_offers_is_said_to_be_gone() -> None:
    played = chat(SAY_HELLO, {"do": "tap", "payload": "no_such_button"})
    assert played.problem == "The button that was tapped here is not offered any more."
    assert played.state == "BIENVENIDA"


def test_a_voice_note_and_a_hand_off_are_played_too() -> None:
    assert said(chat(SAY_HELLO, {"do": "send", "type": "audio"}))[-1]
    handed = chat(SAY_HELLO, {"do": "say", "text": "persona"})
    assert handed.paused is True
    assert chat(SAY_HELLO, {"do": "say", "text": "persona"}, {"do": "hand_back"}).paused is False


def test_every_bubble_of_the_bot_has_its_reasons() -> None:
    played = chat(SAY_HELLO, BOOK)
    assert all(bubble.why for bubble in played.bubbles if bubble.by == "bot")
    assert played.bubbles[-1].why[0].startswith("“Reservar cita” leads to “Elegir servicio”.")


def test_settings_that_are_half_written_do_not_take_the_phone_away() -> None:
    broken = Business("Europe/Madrid", "es", connectors={"calendar": {"type": "mock_calendar", "schedule": "always"}})
    assert chat(SAY_HELLO, BOOK, business=broken).state == "ELEGIR_SERVICIO"


UNREADABLE = [
    {},
    {"now": "yesterday"},
    {"now": THURSDAY, "moves": [{"do": "dance"}]},
    {"now": THURSDAY, "moves": [{"do": "wait", "minutes": 10_000_000}]},
    {"now": THURSDAY, "moves": [SAY_HELLO] * 401},
    {"now": THURSDAY, "extra": 1},
]


@pytest.mark.parametrize("script", UNREADABLE, ids=lambda value: str(value)[:50])
def test_what_is_no_script_is_refused_in_words(script: JSONObject) -> None:
    with pytest.raises(ScriptError, match="This chat cannot be played: "):
        read_script(script)
