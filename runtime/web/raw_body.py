"""Reading a request body that may be too large, too slow or lying about its length."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.types import Message, Receive, Scope, Send

from runtime.web.begun import Finished, begun
from runtime.web.lingering import linger

MAX_BODY_BYTES: Final = 4_000_000  # Meta sends up to 3 MB
BODY_TIMEOUT_S: Final = 30.0  # 3 MB over a poor line takes a few seconds

TOO_LARGE: Final = b"the body is larger than 4 MB\n"


class BodyRefusedError(Exception):
    """The body cannot be had.

    ├── BodyTooLargeError
    ├── BodyTooSlowError
    └── ClientGoneError     nobody is left to answer
    """


class BodyTooLargeError(BodyRefusedError):
    """More than ``MAX_BODY_BYTES``, announced or sent."""


class BodyTooSlowError(BodyRefusedError):
    """Not complete in time."""


class ClientGoneError(BodyRefusedError):
    """The client hung up before the end."""


async def read_body(scope: Scope, receive: Receive, timeout_s: float = BODY_TIMEOUT_S) -> bytes:
    """The whole body. Never holds more than ``MAX_BODY_BYTES``. Raises ``BodyRefusedError``."""
    if announced_length(scope["headers"]) > MAX_BODY_BYTES:
        raise BodyTooLargeError
    first = begun(receive())
    if isinstance(first, Finished) and not first.value.get("more_body", False):
        return await _read_chunks(first.value, receive)  # nearly all: it is there already, and nothing is waited for
    try:
        async with asyncio.timeout(timeout_s):
            return await _read_chunks(first.value if isinstance(first, Finished) else await first, receive)
    except TimeoutError:
        raise BodyTooSlowError from None


async def _read_chunks(message: Message, receive: Receive) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            raise BodyTooLargeError
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)
        message = await receive()


def announced_length(headers: Sequence[tuple[bytes, bytes]]) -> int:
    """``Content-Length``, or 0 where there is none. Only a hint: what arrives is counted."""
    for name, value in headers:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])  # 20 digits are enough to be too many, and cheap to convert
    return 0


async def refuse_too_large(receive: Receive, send: Send) -> None:
    """Answer 413 at once, then read on for a while and close."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(TOO_LARGE)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE, "more_body": True})
    await linger(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})
