"""Reading on after a refusal.

Closing on a sender that still writes resets the connection, and the reset can overtake the answer (RFC 9112, 9.6).
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from starlette.types import Receive

LINGER_BYTES: Final = 16_000_000  # how much more of a refused body is taken off the wire
LINGER_TIMEOUT_S: Final = 5.0


async def linger(receive: Receive) -> None:
    """Take what still arrives off the wire, unread, until its end or the end of patience.

    To be called between the last byte of the answer and the end of the response.
    """
    left = LINGER_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_TIMEOUT_S):
            while left > 0:
                message = await receive()
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
                left -= len(message.get("body", b""))
