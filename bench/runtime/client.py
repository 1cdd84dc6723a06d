"""A load generator's connection: raw HTTP/1.1 over an asyncio protocol, which costs little beside a server.

Requests are bytes prepared before the clock runs. One is under way per connection at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import cast

APP_SECRET = "bench-app-secret"  # noqa: S105 - signs made-up bodies on loopback
PHONE_NUMBER_ID = "106540352242922"

_OK = b"HTTP/1.1 200"


def webhook_request(message_id: str, phone: str, words: str) -> bytes:
    """A signed delivery of one text, about 660 bytes of body as Meta's are."""
    message = {
        "from": phone,
        "from_user_id": f"ES.{phone}",
        "id": message_id,
        "timestamp": str(int(time.time())),
        "text": {"body": words},
        "type": "text",
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": PHONE_NUMBER_ID},
        "contacts": [{"profile": {"name": "Lucía Gómez Fernández"}, "wa_id": phone, "user_id": f"ES.{phone}"}],
        "messages": [message],
    }
    entry = {"id": "102290129340398", "changes": [{"value": value, "field": "messages"}]}
    raw = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}, separators=(",", ":")).encode()
    signature = hmac.new(APP_SECRET.encode(), raw, hashlib.sha256).hexdigest()
    head = (
        "POST /webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw


def at_once(go_on: Callable[[], None]) -> None:
    """Nothing holds a connection back."""
    go_on()


class Connection(asyncio.Protocol):
    """Sends what ``requests`` yields, each after the answer to the one before; notes latencies in seconds.

    ``answered`` hears of each answer, and calls what it is given when the next request may be sent.
    """

    def __init__(
        self,
        requests: Iterator[bytes],
        latencies: list[float],
        finished: Callable[[], None],
        answered: Callable[[Callable[[], None]], None] = at_once,
    ) -> None:
        self._requests = requests
        self._latencies = latencies
        self._finished = finished
        self._answered = answered
        self._buffer = b""
        self._began = 0.0
        self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator or len(rest) < _length_of(head):
            return
        self._latencies.append(time.perf_counter() - self._began)
        self.refused += not head.startswith(_OK)
        self._buffer = b""
        self._answered(self._next)

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            self._finished()
            return
        self._began = time.perf_counter()
        self._transport.write(request)


def _length_of(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
