from __future__ import annotations

from dataclasses import replace

import pytest

from flow_engine.effects import SendMessage
from flow_engine.messages import InternalMessage
from flow_engine.outputs.output import Output, Template, Text
from flow_engine.vocabulary import MessageType
from runtime.ports.inbox import DeliveryState, DeliveryStatus
from runtime.ports.inbox_store import STAFF_WROTE, ClaimedEvent, DueTask
from runtime.ports.outbox_store import Sent, TakenMessage
from runtime.ports.state_store import StateStorePort
from tests.runtime.store.samples import ANA, CHANNEL, NOW, RUN, after, claim, message, say, step

NEW = InternalMessage("the edit's own id", "ana", MessageType.TEXT, after(60), "mañana a las 6")
TEMPLATE = Template("reminder", "es", text="see you")


async def next_message(store: StateStorePort) -> InternalMessage | None:
    claimed = await store.inbox.claim(ANA, RUN, max_attempts=3, at=NOW)
    if not isinstance(claimed, ClaimedEvent):
        return None
    assert isinstance(claimed.event, InternalMessage)
    return claimed.event


async def test_what_is_corrected_before_it_is_read_is_read_corrected(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1", text="mañana a las 5")], NOW)
    assert await store.corrections.edit(CHANNEL, "m1", NEW)
    read = await next_message(store)
    assert read == InternalMessage("m1", "ana", MessageType.TEXT, NOW, "mañana a las 6")


async def test_what_was_read_already_is_not_read_again_and_keeps_what_it_was(store: StateStorePort) -> None:
    await say(store, "uno")
    assert await store.corrections.edit(CHANNEL, "in-ana-uno", NEW)
    assert await next_message(store) is None


async def test_what_is_taken_back_before_it_is_read_is_never_read(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1"), message("m2")], NOW)
    assert await store.corrections.revoke(CHANNEL, "m1", at=NOW)
    read = await next_message(store)
    assert read is not None
    assert read.id == "m2"
    assert (await store.inbox.accept([message("m1")], NOW)).duplicates == 1


async def test_nothing_is_changed_about_messages_that_nobody_knows(store: StateStorePort) -> None:
    assert not await store.corrections.edit(CHANNEL, "m1", NEW)
    assert not await store.corrections.revoke("another channel", "m1", at=NOW)


async def test_answers_that_wait_are_withheld_and_reminders_are_not(store: StateStorePort) -> None:
    await say(store, "uno", "dos")
    await store.inbox.enter(ANA, "http_dev", DueTask("remind", "k", NOW), NOW)
    claimed = await claim(store)
    reminder = (SendMessage("r1", Text("reminder")),)
    await store.conversations.commit_step(replace(step(claimed.claim), messages=reminder))
    assert await store.corrections.withhold_replies(ANA, "somebody answered", at=NOW) == 2
    taken = await store.outbox.take(ANA, RUN, at=NOW, resend_at=after(20))
    assert isinstance(taken, TakenMessage)
    assert (taken.message.output, taken.initiated) == (Text("reminder"), True)
    assert (await store.counts()).outbox_dead == 2


async def test_a_turn_under_way_says_nothing_once_staff_have_written(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1")], NOW)
    claimed = await claim(store)
    await store.inbox.enter(ANA, "http_dev", DueTask(STAFF_WROTE, "echo", NOW), NOW)
    await store.conversations.commit_step(step(claimed.claim, says=("too late",)))
    assert await store.outbox.take(ANA, RUN, at=NOW, resend_at=after(20)) is None
    assert (await store.counts()).outbox_dead == 1


def failed(our_id: str | None, provider: str) -> DeliveryStatus:
    return DeliveryStatus(CHANNEL, provider, DeliveryState.FAILED, NOW, our_id, "131047", "too late")


async def sent(store: StateStorePort, output: Output) -> str:
    await store.inbox.accept([message(f"for {output}")], NOW)
    claimed = await claim(store)
    saying = replace(step(claimed.claim), messages=(SendMessage(f"id {output.__class__.__name__}", output),))
    await store.conversations.commit_step(saying)
    taken = await store.outbox.take(ANA, RUN, at=NOW, resend_at=after(20))
    assert isinstance(taken, TakenMessage)
    await store.outbox.settle(taken.message.id, Sent("wamid.1"), at=NOW)
    return taken.message.id


@pytest.mark.parametrize(("output", "goes_again"), [(TEMPLATE, True), (Text("hola"), False)], ids=["template", "text"])
async def test_a_message_that_came_too_late_goes_out_again_if_it_has_a_template(
    store: StateStorePort, output: Output, goes_again: bool
) -> None:
    our_id = await sent(store, output)
    for report in (failed(our_id, "wamid.1"), failed(None, "wamid.1")):
        assert await store.corrections.addressee_of(report) == ANA
    await store.outbox.record_statuses([failed(our_id, "wamid.1")], at=NOW)
    opened = await store.corrections.send_as_template(failed(our_id, "wamid.1"), at=NOW)
    assert opened == (ANA if goes_again else None)
    again = await store.outbox.take(ANA, RUN, at=NOW, resend_at=after(20))
    assert (again is not None) is goes_again
    assert await store.corrections.send_as_template(failed(our_id, "wamid.1"), at=NOW) is None


async def test_nobody_is_the_addressee_of_a_message_that_is_not_ours(store: StateStorePort) -> None:
    assert await store.corrections.addressee_of(failed(None, "wamid.unknown")) is None
