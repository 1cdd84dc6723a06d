"""The command that puts a trial away."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.bundles.keeper import BundleKeeper
from runtime.commands.handler import RefusedError, done
from runtime.ports.command_store import Command, CommandResult


@dataclass(frozen=True, slots=True)
class StagedCommands:
    """A control plane that still announces the release will see it fetched again."""

    keeper: BundleKeeper

    async def discard(self, _command: Command) -> CommandResult:
        serial = await self.keeper.drop_staged()
        if serial is None:
            raise RefusedError("nothing_staged", "No release is being tried.")
        return done({"serial": serial})
