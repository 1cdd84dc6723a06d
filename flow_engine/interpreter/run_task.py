"""What a due task leads to. It works on the data of the moment it was scheduled; the conversation stays where it is."""

from __future__ import annotations

from collections.abc import Mapping

from flow_engine.interpreter.actions import After, run_action
from flow_engine.interpreter.turn import Turn
from flow_engine.program.actions import Entry, unguarded
from flow_engine.trace import ActionRun, TaskStarted, TaskUnknown
from flow_engine.vocabulary import JSON


def run_task(turn: Turn, task: str, data: Mapping[str, JSON]) -> None:
    turn.begin()
    actions = turn.program.tasks.get(task)
    if actions is None:
        turn.trace.append(TaskUnknown(task))
        return
    turn.work_on_task(task, data)
    turn.trace.append(TaskStarted(task))
    run_task_actions(turn, task, actions, first=0)


def run_task_actions(turn: Turn, task: str, actions: tuple[Entry, ...], first: int) -> None:
    """Run the task's actions from index ``first``, up to the first that must wait or has nothing to offer."""
    for index in range(first, len(actions)):
        place = ActionRun(task, index, unguarded(actions[index]).kind)
        if run_action(turn, actions[index], place) is not After.GO_ON:
            return
