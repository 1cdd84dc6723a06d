"""The command that makes a verified copy of the state file, kept here or handed over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from runtime.commands.handler import RefusedError, done
from runtime.maintenance.backup import Backup, back_up
from runtime.maintenance.travelling_copy import pack, work_folder
from runtime.ports.command_store import Command, CommandResult
from runtime.store.sqlite.migration_copy import FOLDER

KEPT: Final = 3
"""Copies on the tenant's own volume; an operator takes them away from there, or has one handed over."""


class Road(Protocol):
    """What this command needs of ``CopyRoad``."""

    async def hand_over(self, ticket: str, file: Path) -> None: ...


@dataclass(frozen=True, slots=True)
class CopyCommands:
    """Copies lie in ``backups/`` beside ``file``, named after the command's time; of one handed over none stays."""

    file: Path
    road: Road
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def backup(self, command: Command) -> CommandResult:
        """With ``upload``, the ticket of a control plane, the copy goes there with everything a restore needs."""
        ticket = command.payload.get("upload")
        if ticket is not None and not isinstance(ticket, str):
            raise RefusedError("bad_payload", "upload must be a ticket of this control plane.")
        async with self._one_at_a_time:  # each needs the room of a whole copy
            if ticket is None:
                made = await asyncio.to_thread(self._copy, f"{command.issued_at:%Y%m%dT%H%M%S%fZ}.sqlite3")
                return done(made.to_json() | {"file": made.file.name})
            return await self._hand_over(ticket)

    async def _hand_over(self, ticket: str) -> CommandResult:
        """A second beginning makes another copy and hands that over under the same ticket."""
        folder = self.file.parent
        with work_folder(folder) as work:
            packed, made = await asyncio.to_thread(pack, folder, work)
            await self.road.hand_over(ticket, packed)
        return done({"bytes": made.size, "sha256": made.sha256, "media_files": made.media, "handed_over": True})

    def _copy(self, name: str) -> Backup:
        folder = self.file.parent / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        target = folder / name
        target.unlink(missing_ok=True)  # of a first beginning that a crash cut off before it was told
        made = back_up(self.file, target)
        for old in sorted(folder.glob("[0-9]*.sqlite3"), reverse=True)[KEPT:]:
            old.unlink(missing_ok=True)
        return made
