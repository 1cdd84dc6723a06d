"""``KeptLines``: connections kept open to one host, for the one call a busy bot makes all day.

Posting a small JSON and reading a small JSON takes httpx2 0.4 ms of a core, more than the rest of a turn; this takes a
twentieth of it (docs/adr/0021). Only what that call needs is here: HTTP/1.1, no redirects, no proxies, no cookies, no
content codings. Everything else goes through httpx2.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from connectors.kernel.http_client import ssl_context

CONNECT_TIMEOUT_S: Final = 3.0  # a handshake that takes longer will not get better
MOST_LINES: Final = 20  # 80 messages a second per number at 0.2 s each need 16
IDLE_S: Final = 15.0  # servers close idle connections after a minute or so; one that is about to be closed is a risk
HEAD_BYTES: Final = 64 * 1024

_STATUS: Final = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: [^\r\n]*)?")
_HEADER: Final = re.compile(r"[\x20-\x7e]*")


class LineError(Exception):
    """No answer.

    ├── NotConnectedError   nothing of the request was written
    └── AnswerLostError     it may have arrived
    """


class NotConnectedError(LineError):
    """Nothing of the request was written."""


class AnswerLostError(LineError):
    """The request was written, in part at least, and no whole answer came back."""


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """``headers`` have lower-case names. ``body`` is cut off where it was longer than allowed."""

    http_status: int
    headers: Mapping[str, str]
    body: bytes
    kept: bool


class KeptLines:
    """Safe to share between tasks."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._host = parts.hostname or ""
        self._tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        self._named = parts.netloc
        self._idle: list[_Line] = []
        self._places = asyncio.Semaphore(MOST_LINES)
        self._closed = False

    async def post(
        self, target: str, headers: Mapping[str, str], content: bytes, *, timeout_s: float, most_bytes: int
    ) -> LineAnswer:
        """The answer to a POST of ``target`` (path and query).

        Raises:
            LineError: there was none within ``timeout_s``.
            ValueError: a header that is none.
        """
        request = self._request(target, headers, content)
        line: _Line | None = None
        try:
            async with asyncio.timeout(timeout_s), self._places:
                line = await self._line()
                answer = await line.exchange(request, most_bytes)
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError, _ProtocolError) as fault:
            error = NotConnectedError if line is None else AnswerLostError
            raise error(type(fault).__name__) from fault
        finally:
            if line is not None and not line.kept:
                line.close()
        if answer.kept and not self._closed:
            self._idle.append(line)
        elif answer.kept:
            line.close()
        return answer

    def close(self) -> None:
        """Hang up what is idle; what is under way hangs up at its end."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _request(self, target: str, headers: Mapping[str, str], content: bytes) -> bytes:
        fields = {"Host": self._named, **headers, "Content-Length": str(len(content))}
        if not all(_HEADER.fullmatch(value) for value in (target, *fields.values())):
            raise ValueError("a header holds what no header may")
        lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        return "\r\n".join([*lines, "", ""]).encode("ascii") + content

    async def _line(self) -> _Line:
        while self._idle:
            line = self._idle.pop()
            if line.is_fresh():
                return line
            line.close()
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            tls = ssl_context() if self._tls else None
            reader, writer = await asyncio.open_connection(self._host, self._port, ssl=tls, limit=HEAD_BYTES)
        return _Line(reader, writer)


class _ProtocolError(Exception):
    """Not HTTP/1.1."""


class _Line:
    """One connection; one exchange at a time. ``kept`` says whether another may follow."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._used_at = time.monotonic()
        self.kept = False

    def is_fresh(self) -> bool:
        idle_s = time.monotonic() - self._used_at
        return idle_s < IDLE_S and not self._reader.at_eof() and not self._writer.is_closing()

    def close(self) -> None:
        self._writer.close()

    async def exchange(self, request: bytes, most_bytes: int) -> LineAnswer:
        self.kept = False
        self._writer.write(request)
        await self._writer.drain()
        minor, status, headers = await self._head()
        while 100 <= status < 200:  # noqa: PLR2004 - informational: the answer is still to come
            minor, status, headers = await self._head()
        body, whole = await self._body(status, headers, most_bytes)
        self.kept = whole and minor == 1 and "close" not in headers.get("connection", "").lower()
        self._used_at = time.monotonic()
        return LineAnswer(status, headers, body, self.kept)

    async def _head(self) -> tuple[int, int, dict[str, str]]:
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
        found = _STATUS.fullmatch(first)
        if found is None:
            raise _ProtocolError
        fields = (line.decode("latin-1").partition(":") for line in lines)
        return int(found[1]), int(found[2]), {name.strip().lower(): value.strip() for name, _, value in fields}

    async def _body(self, status: int, headers: Mapping[str, str], most_bytes: int) -> tuple[bytes, bool]:
        """The body, and whether it was read to its end."""
        length = headers.get("content-length", "")
        if status in (204, 304):
            return b"", True
        if "transfer-encoding" in headers:
            return await self._chunks(most_bytes)
        if length.isascii() and length.isdigit():
            wanted = min(int(length[:20]), most_bytes)
            return await self._reader.readexactly(wanted), wanted == int(length[:20])
        body = bytearray()
        while len(body) <= most_bytes and (part := await self._reader.read(HEAD_BYTES)):
            body += part
        return bytes(body[:most_bytes]), False

    async def _chunks(self, most_bytes: int) -> tuple[bytes, bool]:
        body = bytearray()
        while True:
            size_line = (await self._reader.readuntil(b"\r\n"))[:-2].partition(b";")[0].strip()
            if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size_line):
                raise _ProtocolError
            size = int(size_line, 16)
            if len(body) + size > most_bytes:
                body += await self._reader.readexactly(most_bytes - len(body))
                return bytes(body), False
            if not size:
                while await self._reader.readuntil(b"\r\n") != b"\r\n":
                    pass  # trailers
                return bytes(body), True
            body += await self._reader.readexactly(size)
            if await self._reader.readexactly(2) != b"\r\n":
                raise _ProtocolError
