"""A request's body, read whole, and given to the next reader as if nobody had."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from platform_admin.observability.report_reading import MAX_REPORT_BYTES

type Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class MessageTooLongError(Exception):
    """``read`` is what has been read so far; more may come."""

    def __init__(self, read: Sequence[bytes]) -> None:
        super().__init__("longer than a report may be")
        self.read = read


class RuntimeGoneError(Exception):
    """It left before its message was there; nobody waits for an answer."""


async def read_body(receive: Receive) -> bytes:
    """Raises ``MessageTooLongError``, ``RuntimeGoneError``."""
    pieces: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise RuntimeGoneError
        pieces.append(message.get("body", b""))
        if sum(map(len, pieces)) > MAX_REPORT_BYTES and message.get("more_body"):
            raise MessageTooLongError(pieces)
        if not message.get("more_body"):
            return b"".join(pieces)


def replayed(pieces: Sequence[bytes], receive: Receive) -> Receive:
    """First what was read; then, where more may come, the rest. ``pieces`` of a whole body are one."""
    whole = len(pieces) == 1
    left = list(pieces)

    async def again() -> MutableMapping[str, Any]:
        if left:
            piece = left.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(left) or not whole}
        return await receive()

    return again
