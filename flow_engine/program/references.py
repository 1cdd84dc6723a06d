"""Whatever a program names must be in it: states, tasks and sub-flows. The first that is not is a ``ProgramError``."""

from __future__ import annotations

from collections.abc import Iterable

from flow_engine.errors import ProgramError
from flow_engine.program.actions import Action, Call, End, Entry, GoTo, InvokeConnector, ScheduleTask, unguarded
from flow_engine.program.program import Program
from flow_engine.program.state import State


def check_references(program: Program, targets: Iterable[tuple[str, str]]) -> None:
    """``targets`` are the states that were named, each after the path where it was; words have no path."""
    for path, name in targets:
        if path and name not in program.states:
            raise ProgramError(path, f"there is no state {name!r}")
    for state in program.states.values():
        _check_state(program, state)
    for name, entries in program.tasks.items():
        _check_task_list(program, entries, f"tasks.{name}")
    for index, schedule in enumerate(program.standing_schedules):
        _check_task(program, schedule.task, f"standing_schedules.{index}.task")


def _check_state(program: Program, state: State) -> None:
    path = f"states.{state.name}"
    for index, transition in enumerate(state.transitions):
        if transition.returns:
            raise ProgramError(f"{path}.transitions.{index}.return", "only a global transition can return")
    for index, entry in enumerate(state.on_enter):
        _check_action(program, unguarded(entry), f"{path}.on_enter.{index}")


def _check_task_list(program: Program, entries: tuple[Entry, ...], path: str) -> None:
    for index, entry in enumerate(entries):
        action = unguarded(entry)
        if isinstance(action, GoTo | Call | End) or (isinstance(action, InvokeConnector) and action.on_error):
            raise ProgramError(f"{path}.{index}", "a task cannot move the conversation")
        _check_action(program, action, f"{path}.{index}")


def _check_action(program: Program, action: Action, path: str) -> None:
    if isinstance(action, ScheduleTask):
        _check_task(program, action.task, f"{path}.task")
    elif isinstance(action, Call):
        _check_call(program, action, path)


def _check_call(program: Program, call: Call, path: str) -> None:
    flow = program.flows.get(call.flow)
    if flow is None:
        raise ProgramError(f"{path}.flow", f"there is no sub-flow {call.flow!r}")
    for name in call.inputs:
        if name not in flow.inputs:
            raise ProgramError(f"{path}.inputs.{name}", f"the sub-flow {call.flow!r} has no such input")
    for name, output in call.outputs.items():
        if output not in flow.outputs:
            raise ProgramError(f"{path}.outputs.{name}", f"the sub-flow {call.flow!r} has no output {output!r}")


def _check_task(program: Program, name: str, path: str) -> None:
    if name not in program.tasks:
        raise ProgramError(path, f"there is no task {name!r}")
