"""``load_program``: the normalised program, checked and compiled. All files a turn may need are read here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flow_engine.errors import ProgramError
from flow_engine.expressions import Locale, Template, locale_for
from flow_engine.outputs.capabilities import PLAIN_TEXT, read_capabilities
from flow_engine.program.actions import Entry, ScheduleTask, unguarded
from flow_engine.program.program import Program, ProgramSettings
from flow_engine.program.reading import Fields
from flow_engine.program.standing_schedule import read_standing_schedule
from flow_engine.program.state import State, read_actions, read_state
from flow_engine.program.transition import Transition, read_transition
from flow_engine.sentences import read_sentences
from flow_engine.vocabulary import JSON, JSONObject

LANGUAGE_VERSION: Final = 1
"""The version of the flow language that this engine runs."""


def load_program(normalised: JSONObject, settings: ProgramSettings) -> Program:
    """The program that ``advance`` runs. Raises ``ProgramError`` for the first fault, with its path.

    ``normalised`` is the JSON that the language side makes of a flow and that a bundle carries.
    """
    locale = _locale(settings)
    fields = Fields(normalised, "", locale)
    if fields.optional_whole_number("language_version") != LANGUAGE_VERSION:
        fields.fail("language_version", f"this engine runs version {LANGUAGE_VERSION}")
    capabilities = read_capabilities()
    states = fields.child("states")
    tasks = fields.child("tasks")
    program = Program(
        id=fields.name("id"),
        initial_state=fields.name("initial_state"),
        global_transitions=tuple(read_transition(item) for item in fields.children("global_transitions")),
        states={name: read_state(name, states.child(name)) for name in states.keys()},  # noqa: SIM118  # no dict
        tasks={name: read_actions(tasks, name) for name in tasks.keys()},  # noqa: SIM118  # no dict
        standing_schedules=tuple(read_standing_schedule(item) for item in fields.children("standing_schedules")),
        zone=locale.zone,
        language=settings.language,
        llm_enabled=settings.llm_enabled,
        sentences=_compile_sentences(settings, locale),
        business=settings.business,
        capabilities=capabilities,
        plain_text=capabilities[PLAIN_TEXT],
    )
    _check_references(program)
    return program


def _locale(settings: ProgramSettings) -> Locale:
    try:
        return locale_for(settings.language, settings.timezone)
    except ValueError as fault:
        raise ProgramError("settings.timezone", str(fault)) from fault


def _compile_sentences(settings: ProgramSettings, locale: Locale) -> Mapping[str, Template]:
    texts: dict[str, JSON] = {**read_sentences(settings.language), **settings.sentences}
    fields = Fields(texts, "settings.sentences", locale)
    return {key: fields.template(key) for key in texts}


def _check_references(program: Program) -> None:
    _check_state(program, program.initial_state, "initial_state")
    _check_targets(program, program.global_transitions, "global_transitions")
    for state in program.states.values():
        _check_references_of(program, state)
    for name, actions in program.tasks.items():
        _check_tasks(program, actions, f"tasks.{name}")
    for index, schedule in enumerate(program.standing_schedules):
        _check_task(program, schedule.task, f"standing_schedules.{index}.task")


def _check_references_of(program: Program, state: State) -> None:
    path = f"states.{state.name}"
    _check_targets(program, state.transitions, f"{path}.transitions")
    _check_tasks(program, state.on_enter, f"{path}.on_enter")
    if state.fallback is not None:
        _check_state(program, state.fallback, f"{path}.fallback")


def _check_targets(program: Program, transitions: tuple[Transition, ...], path: str) -> None:
    for index, transition in enumerate(transitions):
        _check_state(program, transition.target, f"{path}.{index}.target")


def _check_tasks(program: Program, actions: tuple[Entry, ...], path: str) -> None:
    for index, entry in enumerate(actions):
        action = unguarded(entry)
        if isinstance(action, ScheduleTask):
            _check_task(program, action.task, f"{path}.{index}.task")


def _check_state(program: Program, name: str, path: str) -> None:
    if name not in program.states:
        raise ProgramError(path, f"there is no state {name!r}")


def _check_task(program: Program, name: str, path: str) -> None:
    if name not in program.tasks:
        raise ProgramError(path, f"there is no task {name!r}")
