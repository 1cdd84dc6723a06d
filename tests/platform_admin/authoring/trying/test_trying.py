"""A chat becomes a test that passes, and fails as soon as the conversation goes differently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flow_engine.language import read_flow
from flow_engine.language.yaml_reader import read_yaml
from flow_engine.program import ProgramSettings, load_program
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.phone import read_script
from platform_admin.authoring.phone.sandbox import Business
from platform_admin.authoring.trying import Board, record, try_all

ROOT = Path(__file__).parents[4]
FLOW = (ROOT / "flows" / "peluqueria_flow.yaml").read_text()
CASES = {
    str(file.relative_to(ROOT / "flows" / "peluqueria" / "cases")): file.read_text()
    for file in (ROOT / "flows" / "peluqueria" / "cases").rglob("*.yaml")
}
LUNA = Business(
    "Europe/Madrid",
    "es",
    (ROOT / "flows" / "peluqueria" / "knowledge.md").read_text(),
    {"calendar": {"type": "mock_calendar"}},
)
SETTINGS: Any = read_yaml((ROOT / "flows" / "peluqueria" / "defaults.yaml").read_text()).value
DEFAULTS: dict[str, JSON] = SETTINGS

SAY: JSONObject = {"do": "say", "text": "hola"}
BOOK: JSONObject = {"do": "tap", "payload": "menu_book"}
CUT: JSONObject = {"do": "tap", "payload": "service_cut"}
FRIDAY: JSONObject = {"do": "tap", "payload": "day_2026-11-27"}

CHATS: dict[str, list[JSON]] = {
    "a booking": [
        SAY,
        BOOK,
        CUT,
        FRIDAY,
        {"do": "tap", "payload": "slot_10:00"},
        {"do": "tap", "payload": "confirm_yes"},
    ],
    "a calendar that is down": [SAY, {"do": "fault", "connector": "calendar", "kind": "unavailable"}, BOOK],
    "a free question": [SAY, {"do": "say", "text": "¿Cuánto cuesta el corte?"}],
    "an old button": [SAY, BOOK, CUT, {"do": "tap", "payload": "service_color", "old": True}],
    "time that passes": [SAY, {"do": "wait", "minutes": 90}, {"do": "until", "at": "09:00"}, SAY],
    "a voice note and a place": [
        SAY,
        {"do": "send", "type": "audio"},
        {"do": "send", "type": "location", "content": {"latitude": 40.4, "longitude": -3.7}},
    ],
    "a hand-off and back": [SAY, {"do": "say", "text": "persona"}, {"do": "hand_back"}, SAY],
}


def program_of(text: str) -> JSONObject:
    program = read_flow(text, file="flow.yaml").program
    assert program is not None
    return program


def recorded(moves: list[JSON], text: str = FLOW) -> str:
    program = load_program(program_of(text), ProgramSettings("Europe/Madrid", "es", llm_enabled=True))
    return record(program, read_script({"now": "2026-11-26T17:05", "moves": moves}), LUNA, "as it is")


def tried(texts: dict[str, str], text: str = FLOW) -> Board:
    return try_all(text, program_of(text), texts, DEFAULTS)


@pytest.mark.parametrize("moves", CHATS.values(), ids=CHATS)
def test_a_chat_becomes_a_test_that_passes(moves: list[JSON]) -> None:
    (case,) = tried({"chat.yaml": recorded(moves)}).cases
    assert (case.description, case.passed, case.reason) == ("as it is", True, "")


def test_a_changed_sentence_fails_the_test_at_the_bubble_that_is_another() -> None:
    changed = FLOW.replace("¡Estupendo! ¿Qué te hacemos?", "¿Qué quieres?")
    (case,) = tried({"chat.yaml": recorded([SAY, BOOK])}, changed).cases
    assert not case.passed
    assert case.result is not None
    assert [line.text for line in case.result.chat if line.wrong] == ["¿Qué quieres?"]
    assert case.result.mismatch is not None
    assert (case.result.mismatch.expected, case.result.mismatch.actual) == (
        "¡Estupendo! ¿Qué te hacemos?",
        "¿Qué quieres?",
    )


def test_the_shipped_tests_hold_and_walk_through_every_step() -> None:
    board = tried(CASES)
    assert [case.name for case in board.cases if not case.passed] == []
    assert board.untested == ()
    assert board.passed == len(board.cases) >= 15


BROKEN: list[tuple[dict[str, str], str]] = [
    ({"a.yaml": "steps: ["}, "a.yaml:2:1 F003 "),
    (
        {"a.yaml": "use: pieces/gone.yaml\nsteps: [{say: hi}]\n"},
        "It uses pieces/gone.yaml, and not all of it is there.",
    ),
]


@pytest.mark.parametrize(("texts", "reason"), BROKEN, ids=lambda value: str(value)[:40])
def test_a_test_that_cannot_be_played_says_why(texts: dict[str, str], reason: str) -> None:
    (case,) = tried(texts).cases
    assert case.result is None
    assert case.reason.startswith(reason)


def test_failing_tests_stand_first() -> None:
    texts: dict[str, Any] = {"good.yaml": recorded([SAY]), "bad.yaml": "steps: [{say: hola, state: NOWHERE}]\n"}
    assert [case.name for case in tried(texts).cases] == ["bad.yaml", "good.yaml"]
