"""Loading a normalised program: what is refused, where, and what is ready afterwards."""
# ruff: noqa: E501  # one line per case reads better than eight

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from flow_engine.program import ProgramError, ProgramSettings, StandingSchedule, load_program
from flow_engine.program.actions import READERS, Action
from flow_engine.vocabulary import JSON, JSONObject
from tests.flow_engine.hairdresser import HAIRDRESSER
from tests.flow_engine.world import MONDAY, load

FAULTS: list[tuple[str, tuple[str | int, ...], JSON, str]] = [
    ("another language version", ("language_version",), 2, "language_version: this engine runs version 1"),
    ("no id", ("id",), None, "id: a text was expected"),
    ("an empty id", ("id",), "", "id: the text is empty"),
    ("an unknown initial state", ("initial_state",), "X", "initial_state: there is no state 'X'"),
    ("states that are a list", ("states",), [], "states: an object was expected"),
    ("a state that is a text", ("states", "MENU"), "x", "states.MENU: an object was expected"),
    ("an unknown fallback", ("states", "MENU", "fallback"), "X", "states.MENU.fallback: there is no state 'X'"),
    ("a flag that is a text", ("states", "MENU", "llm_fallback"), "no", "states.MENU.llm_fallback: true or false was expected"),
    ("actions that are no list", ("states", "MENU", "on_enter"), {}, "states.MENU.on_enter: a list was expected"),
    ("too many actions", ("states", "MENU", "on_enter"), [{"action": "send_text", "text": "x"}] * 51, "states.MENU.on_enter: more than 50 actions"),
    ("an action that is none", ("states", "MENU", "on_enter", 0), 1, "states.MENU.on_enter.0: an object was expected"),
    ("an unknown action", ("states", "MENU", "on_enter", 0, "action"), "fly", "states.MENU.on_enter.0.action: there is no action 'fly'"),
    ("a choice of nothing", ("states", "MENU", "on_enter", 0, "buttons"), [], "states.MENU.on_enter.0.buttons: there is nothing to choose"),
    ("a list without sections", ("states", "SERVICE", "on_enter", 0, "sections"), [], "states.SERVICE.on_enter.0.sections: there is nothing to choose"),
    ("a button without id", ("states", "MENU", "on_enter", 0, "buttons", 1, "id"), None, "states.MENU.on_enter.0.buttons.1.id: a text was expected"),
    ("params that are no object", ("states", "DAY", "on_enter", 0, "params"), [], "states.DAY.on_enter.0.params: an object was expected"),
    ("a result under a computed name", ("states", "DAY", "on_enter", 0, "result_key"), "today", "states.DAY.on_enter.0.result_key: 'today' cannot be set: the engine computes it"),
    ("an unknown target", ("states", "MENU", "transitions", 0, "target"), "X", "states.MENU.transitions.0.target: there is no state 'X'"),
    ("an unknown global target", ("global_transitions", 0, "target"), "X", "global_transitions.0.target: there is no state 'X'"),
    ("a transition without condition", ("states", "MENU", "transitions", 0, "on_payload"), None, "states.MENU.transitions.0.target: a transition without any condition would always be taken"),
    ("an unknown message type", ("states", "MENU", "transitions", 0, "on_type"), ["fax"], "states.MENU.transitions.0.on_type: 'fax' is not a valid MessageType"),
    ("data under a computed name", ("states", "MENU", "transitions", 0, "set_data"), {"now": 1}, "states.MENU.transitions.0.set_data.now: 'now' cannot be set: the engine computes it"),
    ("a suffix under an empty name", ("states", "DAY", "transitions", 0, "extract_suffix_as"), "", "states.DAY.transitions.0.extract_suffix_as: the name is empty"),
    ("a scheduled task that is not there", ("states", "BOOKED", "on_enter", 2, "task"), "X", "states.BOOKED.on_enter.2.task: there is no task 'X'"),
    ("a task at two times", ("states", "BOOKED", "on_enter", 2, "cron"), "* * * * *", "states.BOOKED.on_enter.2.run_at: exactly one of run_at, cron and interval_seconds was expected"),
    ("an interval of nothing", ("states", "BOOKED", "on_enter", 2, "interval_seconds"), 0, "states.BOOKED.on_enter.2.interval_seconds: a whole number above zero was expected"),
    ("a standing schedule without a time", ("standing_schedules", 0, "cron"), None, "standing_schedules.0.cron: exactly one of cron and interval_seconds was expected"),
    ("a standing schedule of no task", ("standing_schedules", 0, "task"), "X", "standing_schedules.0.task: there is no task 'X'"),
    ("a word that is no target", ("states", "MENU", "transitions", 0, "target"), "@home", "states.MENU.transitions.0.target: there is no state '@home'"),
    ("a fallback that is a word", ("states", "MENU", "fallback"), "@back", "states.MENU.fallback: there is no state '@back'"),
    ("a state's transition that returns", ("states", "MENU", "transitions", 0, "return"), True, "states.MENU.transitions.0.return: only a global transition can return"),
    ("a timeout without a time", ("states", "MENU", "timeout"), {"target": "MENU"}, "states.MENU.timeout.after: exactly one of after and at was expected"),
    ("a timeout at two times", ("states", "MENU", "timeout"), {"after": 1, "at": "18:00", "target": "MENU"}, "states.MENU.timeout.after: exactly one of after and at was expected"),
    ("a timeout at no time of day", ("states", "MENU", "timeout"), {"at": "25:00", "target": "MENU"}, "states.MENU.timeout.at: a time of day such as 18:00 was expected"),
    ("a timeout to nowhere", ("states", "MENU", "timeout"), {"after": 1, "target": "X"}, "states.MENU.timeout.target: there is no state 'X'"),
    ("a session without an end", ("session",), {"target": None}, "session.expires_after: a whole number above zero was expected"),
    ("a session to nowhere", ("session",), {"expires_after": 1, "target": "X"}, "session.target: there is no state 'X'"),
    ("a condition that does not compile", ("states", "MENU", "on_enter", 0, "when"), "data.", "states.MENU.on_enter.0.when: A name is missing after the dot; found the end of the expression. (column 6)"),
    ("a jump to nowhere", ("states", "MENU", "on_enter", 0), {"action": "go_to", "target": "X"}, "states.MENU.on_enter.0.target: there is no state 'X'"),
    ("a call of no sub-flow", ("states", "MENU", "on_enter", 0), {"action": "call", "flow": "x"}, "states.MENU.on_enter.0.flow: there is no sub-flow 'x'"),
    ("an output under a computed name", ("states", "MENU", "on_enter", 0), {"action": "call", "flow": "x", "outputs": {"today": "y"}}, "states.MENU.on_enter.0.outputs: 'today' cannot be set: the engine computes it"),
    ("a failed call to nowhere", ("states", "DAY", "on_enter", 0, "on_error"), {"timeout": "X"}, "states.DAY.on_enter.0.on_error.timeout: there is no state 'X'"),
    ("a task that moves the conversation", ("tasks", "reminder", 0), {"action": "end"}, "tasks.reminder.0: a task cannot move the conversation"),
    ("a state that was renamed to nothing", ("renamed_states",), {"OLD": "X"}, "renamed_states.OLD: there is no state 'X'"),
    ("a sub-flow with a slash", ("flows",), {"a/b": {}}, "flows.a/b: the name of a sub-flow has no slash"),
    ("a sub-flow with an input that is none", ("flows",), {"a": {"initial_state": "X", "inputs": [1], "outputs": [], "global_transitions": [], "states": {}}}, "flows.a.inputs: the name is empty"),
    ("a sub-flow that begins nowhere", ("flows",), {"a": {"initial_state": "X", "inputs": [], "outputs": [], "global_transitions": [], "states": {}}}, "flows.a.initial_state: there is no state 'a/X'"),
    ("an audience without a contact", ("standing_schedules", 0, "for_each"), {"connector": "c", "operation": "o", "params": {}, "contact": "item."}, "standing_schedules.0.for_each.contact: A name is missing after the dot; found the end of the expression."),
    ("tasks that are no object", ("tasks",), None, "tasks: an object was expected"),
]  # fmt: skip


def changed(path: tuple[str | int, ...], value: JSON) -> JSONObject:
    document = copy.deepcopy(HAIRDRESSER)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


@pytest.mark.parametrize(("path", "value", "message"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_program_that_could_not_run_is_refused_with_the_path(
    path: tuple[str | int, ...], value: JSON, message: str
) -> None:
    with pytest.raises(ProgramError) as refused:
        load_program(changed(path, value), ProgramSettings())
    assert str(refused.value) == message
    assert refused.value.path == message.partition(":")[0]


EXPRESSIONS = [
    (("states", "MENU", "transitions", 1, "condition"), "data.(", "states.MENU.transitions.1.condition"),
    (("states", "MENU", "on_enter", 0, "body"), "{{ data. }}", "states.MENU.on_enter.0.body"),
    (("states", "DAY", "on_enter", 0, "params", "from_date"), "{{ open('x') }}", "states.DAY.on_enter.0.params"),
]


@pytest.mark.parametrize(("path", "source", "at"), EXPRESSIONS)
def test_an_expression_that_does_not_compile_is_refused(path: tuple[str | int, ...], source: str, at: str) -> None:
    with pytest.raises(ProgramError) as refused:
        load_program(changed(path, source), ProgramSettings())
    assert refused.value.path == at


SETTINGS = [
    (ProgramSettings(timezone="Mars/Olympus"), "settings.timezone"),
    (ProgramSettings(timezone="../etc/passwd"), "settings.timezone"),
    (ProgramSettings(sentences={"unavailable": "{{"}), "settings.sentences.unavailable"),
]


@pytest.mark.parametrize(("settings", "path"), SETTINGS)
def test_settings_that_cannot_be_used_are_refused(settings: ProgramSettings, path: str) -> None:
    with pytest.raises(ProgramError) as refused:
        load_program(HAIRDRESSER, settings)
    assert refused.value.path == path


def test_a_loaded_program_has_everything_ready() -> None:
    program = load(HAIRDRESSER)
    assert program.id == "test_flow"
    assert program.initial_state == "MENU"
    assert MONDAY.astimezone(program.zone).utcoffset() == timedelta(hours=1)
    assert program.standing_schedules == (StandingSchedule("tidy", "reminder", "0 9 * * 1", None),)
    assert set(program.capabilities) >= {"whatsapp", "http_dev", "plain_text"}


LANGUAGES = [
    ("en", "I don't have that information, sorry."),
    ("es", "Lo siento, no tengo esa información."),
    ("es-MX", "Lo siento, no tengo esa información."),
    ("ES_mx", "Lo siento, no tengo esa información."),
    ("xx", "I don't have that information, sorry."),
    ("../en", "I don't have that information, sorry."),
    ("", "I don't have that information, sorry."),
]


@pytest.mark.parametrize(("language", "sentence"), LANGUAGES)
def test_sentences_come_in_the_tenants_language_or_in_english(language: str, sentence: str) -> None:
    assert load(HAIRDRESSER, language=language).sentences["out_of_scope"].source == sentence


def test_every_language_has_every_sentence_and_list_buttons_fit() -> None:
    english, spanish = load(HAIRDRESSER).sentences, load(HAIRDRESSER, language="es").sentences
    assert english.keys() == spanish.keys()
    assert {key for key in english if english[key].source == spanish[key].source} == {"no"}  # it is the same word
    assert all(len(sentences["list_button"].source) <= 20 for sentences in (english, spanish))


def test_every_action_is_read_under_its_own_name() -> None:
    kinds = {action.kind: action for action in Action.__value__.__args__}
    assert kinds.keys() == READERS.keys()
