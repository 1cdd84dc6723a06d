"""``Listener``: takes connections on this machine and remembers that they came; the witness of what was not called."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from types import TracebackType
from typing import Self


class Listener:
    """On 127.0.0.1 and ::1 with one port. ``hits`` counts connections, whatever was sent over them."""

    def __init__(self) -> None:
        self.hits = 0
        self.port = 0
        self._servers: list[asyncio.Server] = []

    async def _came(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hits += 1
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        writer.close()

    async def __aenter__(self) -> Self:
        first = await asyncio.start_server(self._came, "127.0.0.1", 0)
        self.port = first.sockets[0].getsockname()[1]
        self._servers = [first]
        if socket.has_ipv6:
            with contextlib.suppress(OSError):  # a machine without ::1 cannot be called there either
                self._servers.append(await asyncio.start_server(self._came, "::1", self.port))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.close()
