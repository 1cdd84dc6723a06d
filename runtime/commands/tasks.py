"""Commands about one scheduled task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from runtime.commands.handler import RefusedError, done, text_of
from runtime.ports.command_store import Command, CommandResult
from runtime.ports.task_store import RunNow
from runtime.scheduler.task_executor import TaskExecutor


@dataclass(frozen=True, slots=True)
class TaskCommands:
    """By the id that reports give to a task."""

    executor: TaskExecutor

    async def run(self, command: Command) -> CommandResult:
        # The time of the command tells two runs of a recurring task apart.
        task_id = text_of(command, "task_id")
        return _result(await self.executor.run(task_id, run_at=command.issued_at, command_id=command.id))

    async def cancel(self, command: Command) -> CommandResult:
        return _result(await self.executor.cancel(text_of(command, "task_id"), command_id=command.id))


def _result(came_to: RunNow) -> CommandResult:
    match came_to:
        case RunNow.ACCEPTED:
            return done({"state": came_to.value})
        case RunNow.UNKNOWN:
            raise RefusedError("unknown_task", "There is no such task.")
        case RunNow.ALREADY_DONE:
            raise RefusedError("already_done", "It has run, was missed or was cancelled.")
        case _:
            assert_never(came_to)
