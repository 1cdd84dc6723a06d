"""Sending through the adapter to a Graph API on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from flow_engine.outputs.output import Buttons, Option, Text
from runtime.channels.whatsapp import WhatsAppAdapter, WhatsAppChannelConfig
from runtime.errors import SendAction, SendError
from runtime.ports.channel_adapter import OutboundMessage
from tests.fakes.graph_server import FakeGraphServer, Fault, StatusWebhooks
from tests.runtime.channels.whatsapp.conftest import APP_SECRET
from tests.runtime.channels.whatsapp.expectations import NUMBER
from tests.runtime.channels.whatsapp.phone import open_adapter
from tests.runtime.channels.whatsapp.recording import RecordingIntake


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraphServer]:
    async with FakeGraphServer(tokens=["EAAtoken"], phone_number_ids=[NUMBER]) as server:
        yield server


@pytest.fixture
async def adapter(graph: FakeGraphServer, config: WhatsAppChannelConfig) -> AsyncIterator[WhatsAppAdapter]:
    """Of a number to which both customers of these tests have just written."""
    async with open_adapter(graph, config) as phone:
        for contact_id in ("34600111222", "ES.1349"):
            await phone.hears(contact_id)
        yield phone.adapter


def message(attempt: int = 1, contact_id: str = "34600111222") -> OutboundMessage:
    return OutboundMessage("c1:7:0", contact_id, Buttons("?", (Option("a", "A"),)), attempt)


async def test_a_message_leaves_as_graph_expects_it(adapter: WhatsAppAdapter, graph: FakeGraphServer) -> None:
    receipt = await adapter.send(message())
    (sent,) = graph.sent
    assert receipt.provider_message_id == sent.wamid
    assert (sent.version, sent.phone_number_id, sent.to) == ("v25.0", NUMBER, "34600111222")
    assert sent.body["biz_opaque_callback_data"] == "c1:7:0"
    assert graph.refused == []


async def test_a_customer_without_a_number_is_reached_by_user_id(
    adapter: WhatsAppAdapter, graph: FakeGraphServer
) -> None:
    await adapter.send(message(contact_id="ES.1349"))
    assert [sent.body["recipient"] for sent in graph.sent] == ["ES.1349"]


async def test_the_channel_names_itself(adapter: WhatsAppAdapter) -> None:
    assert (adapter.channel_id, adapter.profile) == (f"whatsapp:{NUMBER}", "whatsapp")


FAILURES: dict[str, tuple[Fault, int, SendAction, float | None]] = {
    "the number is too fast": (Fault("throttle"), 1, SendAction.RETRY, None),
    "the number is told how long to wait": (Fault("throttle", retry_after=7), 1, SendAction.RETRY, 7.0),
    "the pair is too fast, first time": (Fault("fail", code=131056), 1, SendAction.RETRY, 1.0),
    "the pair is too fast, third time": (Fault("fail", code=131056), 3, SendAction.RETRY, 16.0),
    "the pair is too fast, twentieth time": (Fault("fail", code=131056), 20, SendAction.RETRY, 1024.0),
    "Graph broke down": (Fault("fail", status=500, code=131000), 1, SendAction.AMBIGUOUS, None),
    "the answer did not come": (Fault("hang"), 1, SendAction.AMBIGUOUS, None),
    "the connection was cut": (Fault("cut"), 1, SendAction.AMBIGUOUS, None),
    "the window is closed": (Fault("fail", code=131047), 1, SendAction.PARK, None),
    "the customer opted out": (Fault("fail", code=131050), 1, SendAction.PARK, None),
    "the token has expired": (Fault("fail", status=401, code=190), 1, SendAction.STOP_CHANNEL, None),
    "the account is locked": (Fault("fail", status=403, code=131031), 1, SendAction.STOP_CHANNEL, None),
}


@pytest.mark.parametrize(("fault", "attempt", "action", "wait_s"), FAILURES.values(), ids=FAILURES)
async def test_a_failure_says_what_to_do(
    adapter: WhatsAppAdapter,
    graph: FakeGraphServer,
    fault: Fault,
    attempt: int,
    action: SendAction,
    wait_s: float | None,
) -> None:
    graph.script(fault)
    with pytest.raises(SendError) as caught:
        await adapter.send(message(attempt))
    assert (caught.value.action, caught.value.retry_after_s) == (action, wait_s)
    assert "34600111222" not in caught.value.detail
    assert "EAAtoken" not in caught.value.detail
    assert len(graph.sent) == (1 if fault.kind in {"hang", "cut"} else 0)


async def test_a_message_that_does_not_fit_is_never_sent(adapter: WhatsAppAdapter, graph: FakeGraphServer) -> None:
    with pytest.raises(SendError):
        await adapter.send(OutboundMessage("c1:7:0", "34600111222", Text("x" * 5000), 1))
    assert (graph.sent, graph.refused) == ([], [])


async def test_a_cut_send_is_proven_by_the_status_that_follows(
    adapter: WhatsAppAdapter, graph: FakeGraphServer, webhook_url: str, intake: RecordingIntake
) -> None:
    graph.app.statuses = StatusWebhooks(webhook_url, APP_SECRET)
    graph.script(Fault("cut"))
    with pytest.raises(SendError):
        await adapter.send(message())
    await graph.app.stop()
    assert [(status.our_id, status.state.value) for status in intake.statuses] == [
        ("c1:7:0", "sent"),
        ("c1:7:0", "delivered"),
    ]
    assert {status.provider_message_id for status in intake.statuses} == {graph.sent[0].wamid}
