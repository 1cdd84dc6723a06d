"""The signed webhook against a receiver that verifies as the specification says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.clock import ManualClock
from connectors.errors import ConnectorConfigError, ConnectorError, FailureKind
from connectors.kernel.egress.policy import PUBLIC_ONLY, THIS_MACHINE, EgressPolicy
from connectors.notification.webhook.signature import signature
from connectors.port import ConnectorCall
from connectors.probe import ProbeStatus
from connectors.registry import ConnectorRegistry
from tests.connectors.kernel.egress.listener import Listener
from tests.fakes.loopback import LoopbackServer

AT = datetime(2026, 11, 29, 10, tzinfo=UTC)
KEY = b"a key of thirty-two bytes, no less"[:32]
SECRET = "whsec_" + base64.b64encode(KEY).decode()


def test_the_published_vector_of_the_specification() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    signed = signature(key, message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@dataclass
class Receiver:
    """Verifies by itself, keeps what it believes, answers ``statuses`` first."""

    believed: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refused: int = 0
    statuses: list[int] = field(default_factory=list)

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        message_id, timestamp = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        digest = hmac.new(KEY, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
        known = f"v1,{base64.b64encode(digest).decode()}" == request.headers["webhook-signature"]
        fresh = abs(int(timestamp) - AT.timestamp()) <= 300
        if not (known and fresh):
            self.refused += 1
            return Response(status_code=401)
        self.believed.append((message_id, json.loads(body)))
        return Response(status_code=self.statuses.pop(0) if self.statuses else 204)


@asynccontextmanager
async def hooked(
    receiver: Receiver, *, secret: str = SECRET, egress: EgressPolicy = THIS_MACHINE
) -> AsyncIterator[ConnectorRegistry]:
    app = Starlette(routes=[Route("/hook", receiver.receive, methods=["POST"])])
    async with LoopbackServer(app) as server:
        block = {"type": "webhook", "url": f"{server.url}/hook?token=t", "secret": secret}
        registry = ConnectorRegistry.from_config({"notification": block}, clock=ManualClock(AT), egress=egress)
        try:
            yield registry
        finally:
            await registry.close()


async def tell(registry: ConnectorRegistry, key: str = "c:1:0") -> None:
    call = ConnectorCall("notify", {"text": "Ana espera", "subject": "¿Alguien?"}, key, "ana", AT)
    await registry.invoke("notification", call)


async def test_a_notice_is_believed_and_has_one_id_however_often_it_is_sent() -> None:
    receiver = Receiver(statuses=[503, 500])
    async with hooked(receiver) as registry:
        await tell(registry)
        await tell(registry, key="c:2:0")
    ids = [message_id for message_id, _ in receiver.believed]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert receiver.believed[0][1] == {
        "type": "staff.notification",
        "timestamp": "2026-11-29T10:00:00+00:00",
        "data": {"subject": "¿Alguien?", "text": "Ana espera", "recipient": ""},
    }


_ANSWERS = {
    410: FailureKind.REJECTED,
    400: FailureKind.REJECTED,
    401: FailureKind.UNAUTHORIZED,
    302: FailureKind.UNAVAILABLE,
    503: FailureKind.UNAVAILABLE,
}


@pytest.mark.parametrize(("status", "kind"), _ANSWERS.items())
async def test_an_answer_that_is_no_success_is_a_failure_of_its_kind(status: int, kind: FailureKind) -> None:
    receiver = Receiver(statuses=[status] * 5)
    async with hooked(receiver) as registry:
        with pytest.raises(ConnectorError) as failed:
            await tell(registry)
    assert failed.value.kind is kind


async def test_another_secret_is_not_believed_and_the_probe_says_so() -> None:
    receiver = Receiver()
    other = "whsec_" + base64.b64encode(b"b" * 32).decode()
    async with hooked(receiver, secret=other) as registry:
        result = await registry.probe("notification")
    assert (result.status, result.option, receiver.refused, receiver.believed) == (ProbeStatus.FAULTY, "secret", 1, [])
    assert other not in str(result)


async def test_a_probe_is_an_event_of_its_own_kind() -> None:
    receiver = Receiver()
    async with hooked(receiver) as registry:
        assert (await registry.probe("notification")).status is ProbeStatus.WORKS
    assert [body["type"] for _, body in receiver.believed] == ["staff.probe"]


async def test_a_webhook_does_not_lead_into_this_machine() -> None:
    async with Listener() as listener:
        block = {"type": "webhook", "url": f"http://127.0.0.1:{listener.port}/hook", "secret": SECRET}
        registry = ConnectorRegistry.from_config({"notification": block}, clock=ManualClock(AT), egress=PUBLIC_ONLY)
        with pytest.raises(ConnectorError) as failed:
            await tell(registry)
        await registry.close()
        assert (failed.value.kind, listener.hits) == (FailureKind.REJECTED, 0)


_FAULTS: dict[str, dict[str, Any]] = {
    "a secret without its prefix": {"secret": base64.b64encode(KEY).decode()},
    "a secret that is no base64": {"secret": "whsec_not base64!"},
    "a short secret": {"secret": "whsec_" + base64.b64encode(b"short").decode()},
    "no secret": {},
}


@pytest.mark.parametrize("block", _FAULTS.values(), ids=_FAULTS.keys())
def test_a_secret_that_is_none_is_refused_without_repeating_it(block: dict[str, Any]) -> None:
    with pytest.raises(ConnectorConfigError) as refused:
        ConnectorRegistry.from_config({"notification": {"type": "webhook", "url": "https://x.example/", **block}})
    assert "connectors.notification.secret" in str(refused.value)
    assert block.get("secret", "nothing") not in str(refused.value)
