"""Commands about one dead letter."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.commands.handler import RefusedError, done, text_of
from runtime.core import Core
from runtime.ports.command_store import Command, CommandResult
from runtime.ports.dead_letter_store import DeadLetterStore

_UNKNOWN = RefusedError("unknown_dead_letter", "There is no such dead letter any more.")


@dataclass(frozen=True, slots=True)
class DeadLetterCommands:
    """By the id that reports give to a dead letter."""

    core: Core
    letters: DeadLetterStore

    async def resend(self, command: Command) -> CommandResult:
        now = self.core.clock.now()
        revived = await self.letters.resend(text_of(command, "id"), command_id=command.id, at=now)
        if revived is None:
            raise _UNKNOWN
        if revived.contact is not None:
            self.core.wake(revived.contact)
        return done()

    async def drop(self, command: Command) -> CommandResult:
        if not await self.letters.drop(text_of(command, "id"), command_id=command.id):
            raise _UNKNOWN
        return done()
