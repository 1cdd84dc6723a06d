"""Sending through a channel that fails in every announced way."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from runtime.errors import SendAction, SendError
from runtime.ports.inbox import DeliveryState, DeliveryStatus
from runtime.ports.inbox_store import ContactKey
from runtime.ports.state_store import StateStorePort
from runtime.store.in_memory import InMemoryStateStore
from tests.runtime.desk import NOW, Desk, open_desk
from tests.runtime.recording_channel import RecordingChannel
from tests.runtime.store.samples import say

ANA, BRUNO = ContactKey("http_dev", "ana"), ContactKey("http_dev", "bruno")


def failing(action: SendAction, retry_after_s: float | None = None) -> SendError:
    return SendError(action, f"told to {action.value}", retry_after_s=retry_after_s)


@pytest.fixture
def store() -> InMemoryStateStore:
    return InMemoryStateStore()


async def pass_time(desk: Desk, seconds: float) -> None:
    """Let time pass and wake the lines, as their timers would."""
    desk.clock.advance(seconds)
    desk.core.outbox.wake([ANA, BRUNO])


def delivered(desk: Desk, message_id: str) -> DeliveryStatus:
    return DeliveryStatus("http_dev", f"wamid.of.{message_id}", DeliveryState.DELIVERED, NOW, message_id)


async def open_counts(store: StateStorePort) -> tuple[int, int, int]:
    counts = await store.counts()
    return counts.outbox_open, counts.outbox_unknown, counts.outbox_dead


async def test_messages_of_one_contact_leave_in_order_one_at_a_time(store: InMemoryStateStore) -> None:
    async with open_desk(store) as desk:
        desk.channel.open.clear()
        for number in range(3):
            await desk.receive(f"m{number}", f"say_{number}")
        await desk.until_heard(1)
        await asyncio.sleep(0.01)
        assert desk.channel.texts() == ["said 0"]
        desk.channel.open.set()
        await desk.quiet()
        assert desk.channel.texts() == ["said 0", "said 1", "said 2"]


async def test_a_contact_whose_send_hangs_delays_no_other(store: InMemoryStateStore) -> None:
    async with open_desk(store) as desk:
        desk.channel.open.clear()
        await desk.receive("m1", "say_a", "ana")
        await desk.receive("m2", "say_b", "bruno")
        await desk.until_heard(2)
        assert sorted(desk.channel.texts()) == ["said a", "said b"]
        desk.channel.open.set()


async def test_a_throttled_message_is_sent_again_after_the_wished_pause_and_keeps_its_place(
    store: InMemoryStateStore,
) -> None:
    async with open_desk(store) as desk:
        desk.channel.fail_next(failing(SendAction.RETRY, retry_after_s=60))
        await desk.receive("m1", "say_1")
        await desk.receive("m2", "say_2")
        await desk.until_heard(1)
        await pass_time(desk, 59)
        await asyncio.sleep(0.01)
        assert desk.channel.texts() == ["said 1"]
        await pass_time(desk, 1)
        await desk.quiet()
        assert desk.channel.texts() == ["said 1", "said 1", "said 2"]
        assert [message.attempt for message in desk.channel.heard] == [1, 2, 1]
        assert desk.channel.heard[0].id == desk.channel.heard[1].id


async def test_an_ambiguous_send_is_not_repeated_when_a_report_carries_our_id(store: InMemoryStateStore) -> None:
    async with open_desk(store) as desk:
        desk.channel.fail_next(failing(SendAction.AMBIGUOUS))
        await desk.receive("m1", "say_1")
        await desk.receive("m2", "say_2")
        await desk.until_heard(1)
        await asyncio.sleep(0.01)
        assert await open_counts(store) == (2, 1, 0)
        await desk.core.inbox.record_statuses([delivered(desk, desk.channel.heard[0].id)])
        await desk.quiet()
        assert desk.channel.texts() == ["said 1", "said 2"]


async def test_an_ambiguous_send_nobody_reports_is_repeated_after_the_wait_and_given_up_in_the_end(
    store: InMemoryStateStore,
) -> None:
    async with open_desk(store) as desk:
        desk.channel.fail_next(*(failing(SendAction.AMBIGUOUS) for _ in range(3)))
        await desk.receive("m1", "say_1")
        await desk.receive("m2", "say_2")
        for attempt in (1, 2):
            await desk.until_heard(attempt)
            await asyncio.sleep(0.01)
            await pass_time(desk, 20)
        await desk.quiet()
        assert desk.channel.texts() == ["said 1", "said 1", "said 1", "said 2"]
        assert await open_counts(store) == (0, 0, 1)


async def test_a_refused_message_is_a_dead_letter_and_the_next_one_is_sent(store: InMemoryStateStore) -> None:
    async with open_desk(store) as desk:
        desk.channel.fail_next(failing(SendAction.PARK))
        await desk.receive("m1", "say_1")
        await desk.receive("m2", "say_2")
        await desk.quiet()
        assert desk.channel.texts() == ["said 1", "said 2"]
        assert await open_counts(store) == (0, 0, 1)


async def test_a_stopped_channel_keeps_everything_says_why_and_resumes_with_a_new_adapter(
    store: InMemoryStateStore,
) -> None:
    async with open_desk(store) as desk:
        desk.channel.fail_next(failing(SendAction.STOP_CHANNEL))
        await desk.receive("m1", "say_1", "ana")
        await desk.until_heard(1)
        await asyncio.sleep(0.01)
        await desk.receive("m2", "say_2", "bruno")
        await asyncio.sleep(0.01)
        assert desk.channel.texts() == ["said 1"]
        assert (await desk.core.health()).halted == {"http_dev": "told to stop_channel"}
        assert await open_counts(store) == (2, 0, 0)

        repaired = RecordingChannel()
        await desk.core.outbox.use_adapters({"http_dev": repaired})
        await desk.quiet()
        assert sorted(repaired.texts()) == ["said 1", "said 2"]
        assert {message.attempt for message in repaired.heard} == {1}
        assert (await desk.core.health()).halted == {}
        assert desk.channel.closed
        assert not repaired.closed


async def test_an_adapter_that_is_replaced_is_closed_only_after_its_last_send(store: InMemoryStateStore) -> None:
    async with open_desk(store) as desk:
        desk.channel.open.clear()
        await desk.receive("m1", "say_1")
        await desk.until_heard(1)
        await desk.core.outbox.use_adapters({"http_dev": RecordingChannel()})
        await asyncio.sleep(0.01)
        assert not desk.channel.closed
        desk.channel.open.set()
        await desk.quiet()
        await asyncio.sleep(0.01)
        assert desk.channel.closed


async def test_messages_for_a_channel_that_is_not_configured_wait(store: InMemoryStateStore) -> None:
    await say(store, "hola", contact=ContactKey("whatsapp:1", "ana"))
    async with open_desk(store) as desk:
        await asyncio.sleep(0.01)
        assert (desk.channel.texts(), await open_counts(store)) == ([], (1, 0, 0))
        other = RecordingChannel("whatsapp:1", "whatsapp")
        await desk.core.outbox.use_adapters({"http_dev": desk.channel, "whatsapp:1": other})
        await desk.quiet()
        assert (other.texts(), desk.channel.texts(), desk.channel.closed) == (["hola"], [], False)


async def test_a_defect_in_an_adapter_counts_as_perhaps_sent(store: InMemoryStateStore) -> None:
    async with open_desk(store) as desk:
        desk.channel.fail_next(ValueError("never announced"))
        await desk.receive("m1", "say_1")
        await desk.until_heard(1)
        await asyncio.sleep(0.01)
        assert await open_counts(store) == (1, 1, 0)


async def test_what_a_killed_run_was_sending_waits_for_its_report_and_is_then_not_repeated(
    store: InMemoryStateStore,
) -> None:
    await say(store, "hola")
    await store.outbox.take(ANA, "dead run", at=NOW, resend_at=NOW)
    async with open_desk(store) as desk:
        await asyncio.sleep(0.01)
        assert (desk.channel.texts(), await open_counts(store)) == ([], (1, 1, 0))
        await desk.core.inbox.record_statuses([delivered(desk, "ana:hola")])
        await desk.quiet()
        assert desk.channel.texts() == []


async def test_what_a_killed_run_was_sending_is_sent_again_when_nobody_reports_it(store: InMemoryStateStore) -> None:
    await say(store, "hola")
    await store.outbox.take(ANA, "dead run", at=NOW, resend_at=NOW)
    async with open_desk(store, reconcile=timedelta(milliseconds=20)) as desk:
        desk.clock.advance(1)
        await desk.quiet()
        assert desk.channel.texts() == ["hola"]


class DeafChannel(RecordingChannel):
    """Says when it is asked whether it works again. Answers as it is told to."""

    def __init__(self, *answers: Exception | None) -> None:
        super().__init__()
        self.answers = [*answers]
        self.asked = 0

    async def probe(self) -> None:
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


async def test_a_stopped_channel_is_asked_until_it_works_and_then_sends_what_waited(store: InMemoryStateStore) -> None:
    stopped = SendError(SendAction.STOP_CHANNEL, "token expired")
    channel = DeafChannel(stopped, stopped, None)
    async with open_desk(store, channel=channel) as desk:
        desk.core.outbox.first_probe_s = 0.001
        channel.fail_next(stopped)
        await desk.receive("m1", "say_1")
        await desk.until_heard(2)
        await desk.quiet()
        assert (channel.asked, channel.texts(), (await desk.core.health()).halted) == (3, ["said 1"] * 2, {})


async def test_a_channel_that_cannot_even_be_asked_stays_stopped(store: InMemoryStateStore) -> None:
    channel = DeafChannel(ValueError("never announced"))
    async with open_desk(store, channel=channel) as desk:
        desk.core.outbox.first_probe_s = 0.001
        channel.fail_next(SendError(SendAction.STOP_CHANNEL, "token expired"))
        await desk.receive("m1", "say_1")
        await desk.until(lambda: _asked(channel))
        await asyncio.sleep(0.01)
        assert (await desk.core.health()).halted == {"http_dev": "token expired"}


async def _asked(channel: DeafChannel) -> bool:
    return channel.asked > 0
