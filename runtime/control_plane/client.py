"""``ControlPlaneClient``: reports out, commands in, archives up. Every method raises ``ControlPlaneError`` alone."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from runtime.control_plane.answers import ReportAnswer, read_commands, read_report_answer
from runtime.control_plane.connection import READ_TIMEOUT_S, ControlPlaneConnection
from runtime.ports.command_store import Command

MAX_ANSWER_BYTES: Final = 8 * 1024 * 1024
"""Two sealed candidates for a replay fit; nothing else comes near."""

UPLOAD_TIMEOUT_S: Final = 300.0
"""The largest archive that a control plane takes (20 MiB), at 1 Mbit/s."""

_JSON: Final = {"Content-Type": "application/json"}


class ControlPlaneClient:
    """Over the one connection of this process."""

    def __init__(self, connection: ControlPlaneConnection) -> None:
        self._connection = connection

    async def report(self, body: bytes) -> ReportAnswer:
        """Hand one report over."""
        answer = await self._connection.ask("POST", "report", most_bytes=MAX_ANSWER_BYTES, headers=_JSON, content=body)
        return read_report_answer(answer.body)

    async def commands(self, wait_s: int) -> tuple[Command, ...]:
        """Wait up to ``wait_s`` seconds for commands."""
        path, patience = f"commands?wait={wait_s}", wait_s + READ_TIMEOUT_S
        answer = await self._connection.ask("GET", path, most_bytes=MAX_ANSWER_BYTES, patience_s=patience)
        return read_commands(answer.body)

    async def upload_export(self, command_id: str, archive: bytes) -> None:
        """The result of an ``export_contact``."""
        await self._connection.ask(
            "POST",
            f"exports/{quote(command_id, safe='')}",
            most_bytes=MAX_ANSWER_BYTES,
            headers={"Content-Type": "application/zip"},
            content=archive,
            patience_s=UPLOAD_TIMEOUT_S,
        )
