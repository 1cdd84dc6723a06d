from __future__ import annotations

import json

from flow_engine.language import read_flow
from flow_engine.program import ProgramSettings, load_program
from flow_engine.vocabulary import JSONObject
from tests.flow_engine.language.case_files import read_document


def accepted(text: str) -> JSONObject:
    reading = read_flow(text, file="flow.yaml")
    assert reading.ok, "\n".join(map(str, reading.diagnostics))
    assert reading.program is not None
    return reading.program


def test_every_construct_becomes_its_normalised_form() -> None:
    program = accepted(read_document("seven_actions.yaml"))

    assert program == json.loads(read_document("seven_actions.program.json"))


def test_the_normalised_program_survives_json_unchanged() -> None:
    program = accepted(read_document("seven_actions.yaml"))

    assert json.loads(json.dumps(program)) == program


def test_the_runtime_side_loads_what_this_side_accepts() -> None:
    program = load_program(accepted(read_document("seven_actions.yaml")), ProgramSettings())

    assert set(program.states) == {"START", "CHOOSE_DAY", "BOOKED", "RATE"}
    assert set(program.tasks) == {"reminder"}


def test_a_flow_that_lacks_two_states_names_them_where_they_are_wanted() -> None:
    reading = read_flow(read_document("menu_and_days.yaml"), file="flow.yaml")

    assert [str(diagnostic) for diagnostic in reading.diagnostics] == [
        "flow.yaml:24:17 F101 There is no state 'CANCEL_SELECT'. Known are MENU, BOOK_SELECT_SERVICE.",
        "flow.yaml:42:17 F101 There is no state 'BOOK_CONFIRM'. Known are MENU, BOOK_SELECT_SERVICE.",
    ]
    assert reading.program is None


def test_the_same_flow_with_those_states_has_nothing_against_it() -> None:
    reading = read_flow(read_document("menu_and_days.yaml", "missing_states.yaml"), file="flow.yaml")

    assert reading.diagnostics == ()
    assert reading.program is not None


def test_a_reminder_of_things_nobody_sets_loads_with_warnings() -> None:
    reading = read_flow(read_document("menu_and_days.yaml", "booking_with_reminder.yaml"), file="flow.yaml")

    assert [(diagnostic.code, diagnostic.severity.value) for diagnostic in reading.diagnostics] == [
        ("F124", "warning"),
        ("F124", "warning"),
        ("F135", "warning"),
        ("F124", "warning"),
    ]
    assert reading.program is not None
    assert reading.program["tasks"] == {
        "reminder": [{"when": None, "action": "send_text", "text": "Tomorrow at {{data.time}}!"}],
    }
