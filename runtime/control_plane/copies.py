"""``CopyRoad``: copies of the state to the control plane and back, piece by piece, never whole in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from runtime.control_plane.connection import ControlPlaneConnection
from runtime.errors import ControlPlaneError

MOST_COPY_BYTES: Final = 2 * 1024**3
"""What a control plane takes (docs/runtime-api.md): two hundred thousand conversations and their pictures."""

PATIENCE_S: Final = 1800.0
"""For all of it, at 10 Mbit/s."""

_PIECE_BYTES: Final = 256 * 1024
_MOST_ANSWER_BYTES: Final = 64 * 1024

_MEANINGS: Final = {
    "http_404": "The control plane asked for no such copy, or it was too long ago; ask again.",
    "http_413": f"The copy is larger than the control plane takes ({MOST_COPY_BYTES // 1024**3} GiB).",
    "http_503": "The control plane has no place for copies now; see FLEET_BACKUPS and its log.",
}


class CopyRoad:
    """``ticket`` is the control plane's word for one copy; with it goes the runtime's own token.

    Every method raises ``ControlPlaneError``.
    """

    def __init__(self, connection: ControlPlaneConnection) -> None:
        self._connection = connection

    async def hand_over(self, ticket: str, file: Path) -> None:
        """Send ``file``; it is kept when this returns."""
        size = (await asyncio.to_thread(file.stat)).st_size
        headers = {"Content-Type": "application/gzip", "Content-Length": str(size)}
        async with _in_words_of_copies():
            await self._connection.ask(
                "PUT",
                _path(ticket),
                most_bytes=_MOST_ANSWER_BYTES,
                headers=headers,
                content=_pieces(file),
                patience_s=PATIENCE_S,
            )

    async def fetch(self, ticket: str, target: Path) -> None:
        """Write the copy to ``target``."""
        with target.open("xb") as file:
            async with _in_words_of_copies():
                await self._connection.pour(
                    "GET", _path(ticket), into=file.write, most_bytes=MOST_COPY_BYTES, patience_s=PATIENCE_S
                )


def _path(ticket: str) -> str:
    return f"copies/{quote(ticket, safe='')}"


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while piece := await asyncio.to_thread(opened.read, _PIECE_BYTES):
            yield piece


@asynccontextmanager
async def _in_words_of_copies() -> AsyncIterator[None]:
    try:
        yield
    except ControlPlaneError as error:
        raise ControlPlaneError(error.code, _MEANINGS.get(error.code, str(error))) from error
