"""``CommandRunner``: carries out what was received, each once, with a durable mark before and after.

What takes long (``ALONGSIDE``) runs beside the others, which go one after the other in the order they came.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from runtime.commands.handler import Handler, RefusedError
from runtime.errors import ControlPlaneError
from runtime.ports.clock import Clock
from runtime.ports.command_store import BegunCommand, Command, CommandResult, CommandStatus, CommandStore
from runtime.store_retry import until_stored

MOST_BEGINNINGS: Final = 3
"""One for bad luck, one for proof, one for a fix; then the command is what kills the process."""

ALONGSIDE: Final = frozenset({"replay", "backup", "export_contact"})

log = logging.getLogger(__name__)


class CommandRunner:
    """``handlers`` gives them by kind, asked at the first command; ``finished`` is told after each end."""

    def __init__(
        self,
        store: CommandStore,
        handlers: Callable[[], Mapping[str, Handler]],
        clock: Clock,
        finished: Callable[[], None],
    ) -> None:
        self._store = store
        self._handlers = functools.cache(handlers)
        self._clock = clock
        self._finished = finished
        self._waiting = asyncio.Event()
        self._waiting.set()  # the last run may have left some
        self._alongside: dict[str, asyncio.Task[None]] = {}

    async def receive(self, commands: Sequence[Command]) -> None:
        """Keep them durably and begin soon. Known ids change nothing."""
        if not commands:
            return
        now = self._clock.now()
        new = await until_stored(lambda: self._store.receive(commands, at=now))
        if new:
            self._waiting.set()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                await self._waiting.wait()
                self._waiting.clear()
                while (begun := await self._begin()) is not None:
                    await self._dispatch(begun)
        finally:
            for task in self._alongside.values():
                task.cancel()
            await asyncio.gather(*self._alongside.values(), return_exceptions=True)

    async def _begin(self) -> BegunCommand | None:
        return await until_stored(lambda: self._store.begin(leaving_out=frozenset(self._alongside)))

    async def _dispatch(self, begun: BegunCommand) -> None:
        command_id = begun.command.id
        if begun.command.kind not in ALONGSIDE:
            await self._carry_out(begun)
            return
        task = asyncio.get_running_loop().create_task(self._carry_out(begun), name=f"command {begun.command.kind}")
        self._alongside[command_id] = task
        task.add_done_callback(lambda _: self._alongside.pop(command_id))

    async def _carry_out(self, begun: BegunCommand) -> None:
        command = begun.command
        result = await self._result(begun)
        await until_stored(lambda: self._store.finish(command.id, result, at=self._clock.now()))
        log.info("command %s %s is %s", command.kind, command.id, result.status.value)
        self._finished()

    async def _result(self, begun: BegunCommand) -> CommandResult:
        command = begun.command
        if begun.beginnings > MOST_BEGINNINGS:
            return CommandResult(CommandStatus.FAILED, "The process ended during every attempt.")
        if command.expires_at is not None and command.expires_at <= self._clock.now():
            return CommandResult(CommandStatus.REFUSED, "expired: It came too late.")
        handler = self._handlers().get(command.kind)
        if handler is None:
            return CommandResult(CommandStatus.REFUSED, f"unknown_kind: This runtime has no command {command.kind!r}.")
        try:
            return await handler(command)
        except RefusedError as refused:
            return CommandResult(CommandStatus.REFUSED, str(refused))
        except ControlPlaneError as error:
            return CommandResult(CommandStatus.FAILED, f"upload_failed: {error}")
        except Exception as fault:
            log.exception("command %s %s failed", command.kind, command.id)
            return CommandResult(CommandStatus.FAILED, f"{type(fault).__name__}; see the runtime's log.")
