"""A customer's phone on the channel http_dev."""

from __future__ import annotations

import time
from typing import Any

import httpx2

PATIENCE_S = 90.0
_POLL_S = 0.1

type Message = dict[str, Any]


class Phone:
    def __init__(self, address: str, contact_id: str) -> None:
        self._address = address
        self._contact_id = contact_id
        self._seen = 0

    def say(self, text: str, *, offers: str) -> Message:
        return self._send({"text": text}, offers)

    def tap(self, payload: str, *, offers: str) -> Message:
        return self._send({"payload": payload}, offers)

    def tap_first(self, message: Message, *, offers: str) -> Message:
        return self.tap(message["options"][0]["id"], offers=offers)

    def messages(self) -> list[Message]:
        query = {"contact_id": self._contact_id}
        listed: list[Message] = httpx2.get(f"{self._address}/messages", params=query, trust_env=False).json()
        return listed

    def _send(self, content: dict[str, str], offers: str) -> Message:
        """Send, and wait for an answer with an option whose id starts with ``offers``."""
        body = {"contact_id": self._contact_id, **content}
        assert httpx2.post(f"{self._address}/inbound", json=body, trust_env=False).status_code == 202
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            messages = self.messages()
            for message in messages[self._seen :]:
                if any(option["id"].startswith(offers) for option in message.get("options") or []):
                    self._seen = len(messages)
                    return message
            time.sleep(_POLL_S)
        raise AssertionError(f"nothing with {offers!r} came after {content}: {self.messages()[self._seen :]}")
