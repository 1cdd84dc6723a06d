"""The command that makes a verified copy of the state file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from runtime.commands.handler import done
from runtime.maintenance.backup import Backup, back_up
from runtime.ports.command_store import Command, CommandResult

FOLDER: Final = "backups"
KEPT: Final = 3
"""Copies on the tenant's own volume; an operator takes them away from there, or has them uploaded."""


class Uploads(Protocol):
    """What this command needs of ``ControlPlaneClient``."""

    async def upload_backup(self, command_id: str, copy: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class CopyCommands:
    """Copies lie in ``backups/`` beside ``file``, named after the time of the command."""

    file: Path
    uploads: Uploads

    async def backup(self, command: Command) -> CommandResult:
        made = await asyncio.to_thread(self._copy, f"{command.issued_at:%Y%m%dT%H%M%S%fZ}.sqlite3")
        if command.payload.get("upload") is True:
            await self.uploads.upload_backup(command.id, await asyncio.to_thread(made.file.read_bytes))
        return done(made.to_json() | {"file": made.file.name})

    def _copy(self, name: str) -> Backup:
        folder = self.file.parent / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        target = folder / name
        target.unlink(missing_ok=True)  # of a first beginning that a crash cut off before it was told
        made = back_up(self.file, target)
        for old in sorted(folder.glob("*.sqlite3"), reverse=True)[KEPT:]:
            old.unlink(missing_ok=True)
        return made
