"""A customer in a browser: the web chat of a tenant, through the ingress as the world sees it."""

from __future__ import annotations

import json
import ssl
import time
import uuid
from typing import Any, Self

import httpx2

PATIENCE_S = 120.0
_POLL_S = 0.3
_STREAM_S = 5.0
_TIMEOUT_S = 20.0

type Message = dict[str, Any]


def outside(ingress_port: int) -> httpx2.Client:
    """Somebody on the internet. The certificate is the ingress's own, which nobody here knows."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    address = f"https://localhost:{ingress_port}"
    return httpx2.Client(base_url=address, verify=trusting, trust_env=False, timeout=_TIMEOUT_S)


class Visitor:
    """Sends and reads again while nobody answers, as the widget does: a message has an id of its own."""

    def __init__(self, ingress_port: int, tenant: str) -> None:
        self._http = outside(ingress_port)
        self._base = f"/t/{tenant}/widget"
        self._cursor = "0"
        self._session = {"Origin": str(self._http.base_url).rstrip("/")}
        visitor = self._answered("session", {}).json()["visitor"]
        self._session["Authorization"] = f"Bearer {visitor}"

    def say(self, text: str, *, offers: str) -> Message:
        return self._send({"type": "text", "text": text}, offers)

    def tap(self, message: Message, beginning: str, *, offers: str, last: bool = False) -> Message:
        """Choose the first (or last) option of ``message`` whose id begins with ``beginning``."""
        fitting = [option for option in message["options"] if option["id"].startswith(beginning)]
        chosen = fitting[-1 if last else 0]
        kind = "button" if message["type"] == "buttons" else "list"
        return self._send({"type": kind, "text": chosen["title"], "payload": chosen["id"]}, offers)

    def open_page_again(self) -> None:
        """As whoever reloads it: everything that was said is read anew."""
        self._cursor = "0"
        while self._read():
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def _send(self, content: dict[str, str], offers: str) -> Message:
        """Send, and wait for an answer with an option whose id begins with ``offers``."""
        self._answered("messages", {"id": uuid.uuid4().hex, **content})
        deadline = time.monotonic() + PATIENCE_S
        heard: list[Message] = []
        while time.monotonic() < deadline:
            for message in self._read():
                heard.append(message)
                if any(option["id"].startswith(offers) for option in message.get("options") or []):
                    return message
        raise AssertionError(f"nothing with {offers!r} came after {content}: {heard}")

    def _answered(self, door: str, body: dict[str, str]) -> httpx2.Response:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = self._http.post(f"{self._base}/{door}", json=body, headers=self._session)
            except httpx2.TransportError as error:
                said = f"{type(error).__name__}: {error}"
            else:
                if answer.is_success:
                    return answer
                said = f"{answer.status_code} {answer.text}"
                assert answer.status_code in {502, 503}, f"{door}: {said}"
            assert time.monotonic() < deadline, f"{door}: {said}"
            time.sleep(_POLL_S)

    def _read(self) -> list[Message]:
        """What the stream has from the cursor on, until it has said something or is silent for a while."""
        headers = {**self._session, "Last-Event-ID": self._cursor}
        found: list[Message] = []
        try:
            with self._http.stream("GET", f"{self._base}/events", headers=headers, timeout=_STREAM_S) as stream:
                for line in stream.iter_lines():
                    name, _, value = line.partition(": ")
                    if name == "id":
                        self._cursor = value
                    elif name == "data" and value != "{}":
                        found.append(json.loads(value))
                        if found[-1].get("options"):
                            break
        except httpx2.TransportError:
            time.sleep(_POLL_S)
        return found
