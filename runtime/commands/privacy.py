"""Commands that hand over or erase everything about one contact."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Protocol

from flow_engine.vocabulary import JSONObject
from runtime.commands.contact_archive import archive_of
from runtime.commands.contacts import contact_of
from runtime.commands.handler import RefusedError, done
from runtime.core import Core
from runtime.maintenance.erasure_list import ErasureList
from runtime.ports.command_store import Command, CommandResult, CommandStatus
from runtime.ports.contact_data import ContactData
from runtime.ports.contact_directory import ContactDirectory


class Uploads(Protocol):
    """What these commands need of ``ControlPlaneClient``."""

    async def upload_export(self, command_id: str, archive: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class PrivacyCommands:
    """``erasures`` is the list that a restored copy is cleaned by."""

    core: Core
    directory: ContactDirectory
    data: ContactData
    erasures: ErasureList
    uploads: Uploads

    async def erase(self, command: Command) -> CommandResult:
        """A second beginning, after a crash, may find its own payload erased, or nobody of that name: it was done."""
        if not command.payload:
            await self.data.fold_log()
            return done(None, "It was erased; the process ended before it could be counted.")
        try:
            contact = await contact_of(command, self.directory)
        except RefusedError as refused:
            if refused.word != "unknown_contact":
                raise
            return done({"rows": {}, "files": 0, "hashed_ids": 0, "remaining": 0}, "Nothing is held of this contact.")
        await asyncio.to_thread(self.erasures.add, contact, self.core.clock.now())
        erased = await self.data.erase(contact)
        files = await self.core.media.sweep()
        rows: JSONObject = dict(erased.rows)
        result: JSONObject = {
            "rows": rows,
            "files": files,
            "hashed_ids": erased.hashed_ids,
            "remaining": erased.remaining,
        }
        if erased.remaining:
            return CommandResult(CommandStatus.FAILED, "The contact's id is still found in the file.", result)
        return done(result)

    async def export(self, command: Command) -> CommandResult:
        contact = await contact_of(command, self.directory)
        tables = await self.data.collect(contact)
        if not tables:
            raise RefusedError("unknown_contact", "Nothing is held of this contact.")
        media = self.core.media
        archive = await asyncio.to_thread(archive_of, tables, await media.kept(contact), media.read)
        await self.uploads.upload_export(command.id, archive.content)
        digest = hashlib.sha256(archive.content).hexdigest()
        result: JSONObject = {"bytes": len(archive.content), "sha256": digest, "files": archive.entries}
        if archive.left_out:
            detail = f"{archive.left_out} of the customer's own files had no room; they lie in media/ of the runtime."
            return done(result, detail)
        return done(result)
