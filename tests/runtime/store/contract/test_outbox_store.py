from __future__ import annotations

import itertools

import pytest

from flow_engine.outputs.output import Text
from runtime.ports.inbox import DeliveryState, DeliveryStatus
from runtime.ports.outbox_store import Dead, NotBefore, PutBack, Retry, Sent, TakenMessage, Unknown
from runtime.ports.state_store import StateStorePort
from tests.runtime.store.samples import ANA, BRUNO, CHANNEL, NOW, RUN, after, say


async def take(store: StateStorePort, at_s: float = 0) -> TakenMessage:
    taken = await store.outbox.take(ANA, RUN, at=after(at_s), resend_at=after(at_s + 20))
    assert isinstance(taken, TakenMessage)
    return taken


def status(state: DeliveryState, *, our_id: str | None = None, provider: str = "wamid.1") -> DeliveryStatus:
    code = "131026" if state is DeliveryState.FAILED else None
    return DeliveryStatus(CHANNEL, provider, state, NOW, our_id, code, "undeliverable" if code else "")


async def test_a_contact_hears_its_messages_in_order_and_each_once(store: StateStorePort) -> None:
    await say(store, "uno", "dos")
    await say(store, "tres", contact=BRUNO)
    assert await store.outbox.contacts_waiting() == [ANA, BRUNO]
    heard = []
    for _ in range(2):
        taken = await take(store)
        heard.append((taken.message.output, taken.message.attempt, taken.contact, taken.created_at))
        await store.outbox.settle(taken.message.id, Sent(f"wamid.{len(heard)}"), at=NOW)
    assert heard == [(Text("uno"), 1, ANA, NOW), (Text("dos"), 1, ANA, NOW)]
    assert await store.outbox.take(ANA, RUN, at=NOW, resend_at=NOW) is None
    assert await store.outbox.contacts_waiting() == [BRUNO]


async def test_a_retry_rests_keeps_its_place_and_counts_attempts(store: StateStorePort) -> None:
    await say(store, "uno", "dos")
    await store.outbox.settle((await take(store)).message.id, Retry(after(30), "throttled"), at=NOW)
    assert await store.outbox.take(ANA, RUN, at=after(29), resend_at=NOW) == NotBefore(after(30))
    again = await take(store, 30)
    assert (again.message.output, again.message.attempt, again.unknowns) == (Text("uno"), 2, 0)


async def test_a_dead_letter_lets_the_next_message_pass(store: StateStorePort) -> None:
    await say(store, "uno", "dos")
    await store.outbox.settle((await take(store)).message.id, Dead("131026"), at=NOW)
    assert (await take(store)).message.output == Text("dos")
    assert (await store.counts()).outbox_dead == 1


async def test_a_message_put_back_has_lost_no_attempt(store: StateStorePort) -> None:
    await say(store, "uno")
    await store.outbox.settle((await take(store)).message.id, PutBack("token expired"), at=NOW)
    assert (await take(store)).message.attempt == 1


async def test_an_unknown_send_rests_until_a_report_with_our_id_settles_it(store: StateStorePort) -> None:
    await say(store, "uno", "dos")
    await store.outbox.settle((await take(store)).message.id, Unknown(after(20), "timeout"), at=NOW)
    assert (await store.counts()).outbox_unknown == 1
    assert await store.outbox.take(ANA, RUN, at=NOW, resend_at=NOW) == NotBefore(after(20))
    assert await store.outbox.record_statuses([status(DeliveryState.SENT, our_id="ana:uno")], at=NOW) == {ANA}
    assert (await take(store)).message.output == Text("dos")
    assert (await store.counts()).outbox_unknown == 0


async def test_an_unknown_send_without_a_report_is_sent_again(store: StateStorePort) -> None:
    await say(store, "uno")
    await store.outbox.settle((await take(store)).message.id, Unknown(after(20), "timeout"), at=NOW)
    again = await take(store, 20)
    assert (again.message.id, again.message.attempt, again.unknowns) == ("ana:uno", 2, 1)


async def test_what_a_dead_run_was_sending_becomes_unknown_and_own_sends_do_not(store: StateStorePort) -> None:
    await say(store, "uno")
    await say(store, "dos", contact=BRUNO)
    await store.outbox.take(ANA, "dead", at=NOW, resend_at=NOW)
    await store.outbox.take(BRUNO, RUN, at=NOW, resend_at=NOW)
    assert await store.outbox.recover(RUN, resend_at=after(20)) == 1
    assert await store.outbox.take(ANA, RUN, at=NOW, resend_at=NOW) == NotBefore(after(20))
    assert (await take(store, 20)).unknowns == 1


async def test_what_was_unknown_waits_anew_because_nobody_could_hear_its_report_meanwhile(
    store: StateStorePort,
) -> None:
    await say(store, "uno")
    await store.outbox.settle((await take(store)).message.id, Unknown(after(20), "timeout"), at=NOW)
    assert await store.outbox.recover("next run", resend_at=after(3_620)) == 0
    assert await store.outbox.take(ANA, RUN, at=after(3_600), resend_at=NOW) == NotBefore(after(3_620))


async def test_a_report_that_overtakes_the_answer_of_the_send_is_not_undone_by_it(store: StateStorePort) -> None:
    await say(store, "uno")
    taken = await take(store)
    await store.outbox.record_statuses([status(DeliveryState.DELIVERED, our_id="ana:uno")], at=NOW)
    await store.outbox.settle(taken.message.id, Unknown(after(20), "timeout"), at=NOW)
    assert await store.outbox.take(ANA, RUN, at=after(99), resend_at=NOW) is None
    assert (await store.counts()).outbox_open == 0


async def test_a_report_under_the_providers_id_alone_is_matched_once_the_send_returns(store: StateStorePort) -> None:
    await say(store, "uno")
    taken = await take(store)
    assert await store.outbox.record_statuses([status(DeliveryState.FAILED)], at=NOW) == frozenset()
    await store.outbox.settle(taken.message.id, Sent("wamid.1"), at=NOW)
    assert (await store.counts()).outbox_dead == 1


async def test_a_report_about_a_message_never_tried_or_unknown_to_us_changes_nothing(store: StateStorePort) -> None:
    await say(store, "uno")
    reports = [
        status(DeliveryState.READ, our_id="ana:uno"),
        status(DeliveryState.SENT, our_id="nobody:1", provider="x"),
    ]
    assert await store.outbox.record_statuses(reports, at=NOW) == frozenset()
    assert (await take(store)).message.attempt == 1


async def test_a_report_cannot_reach_a_message_of_another_channel(store: StateStorePort) -> None:
    await say(store, "uno")
    await store.outbox.settle((await take(store)).message.id, Unknown(after(20), "timeout"), at=NOW)
    foreign = DeliveryStatus("whatsapp:9", "wamid.1", DeliveryState.SENT, NOW, "ana:uno")
    assert await store.outbox.record_statuses([foreign], at=NOW) == frozenset()
    assert (await store.counts()).outbox_unknown == 1


@pytest.mark.parametrize("order", list(itertools.permutations(["sent", "delivered", "read"])), ids="-".join)
async def test_reports_in_any_order_end_as_read_and_keep_the_message_sent(
    store: StateStorePort, order: tuple[str, ...]
) -> None:
    await say(store, "uno")
    taken = await take(store)
    await store.outbox.settle(taken.message.id, Sent("wamid.1"), at=NOW)
    for name in order:
        await store.outbox.record_statuses([status(DeliveryState(name))], at=NOW)
    await store.outbox.record_statuses([status(DeliveryState.FAILED)], at=NOW)
    counts = await store.counts()
    assert (counts.outbox_dead, counts.outbox_open) == (0, 0)


async def test_a_failure_reported_before_anything_arrived_is_a_dead_letter_for_good(store: StateStorePort) -> None:
    await say(store, "uno")
    await store.outbox.settle((await take(store)).message.id, Sent("wamid.1"), at=NOW)
    for state in (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DELIVERED):
        await store.outbox.record_statuses([status(state)], at=NOW)
    assert (await store.counts()).outbox_dead == 1


async def test_reading_what_was_said_deletes_nothing_and_goes_on_after_a_cursor(store: StateStorePort) -> None:
    await say(store, "uno", "dos")
    await say(store, "tres", contact=BRUNO)
    everything = await store.outbox.list(CHANNEL)
    assert [(said.contact_id, said.output) for said in everything] == [
        ("ana", Text("uno")),
        ("ana", Text("dos")),
        ("bruno", Text("tres")),
    ]
    assert await store.outbox.list(CHANNEL) == everything
    assert await store.outbox.list(CHANNEL, after=everything[0].cursor) == everything[1:]
    assert await store.outbox.list(CHANNEL, "ana", after=everything[0].cursor) == everything[1:2]
    assert await store.outbox.list(CHANNEL, limit=1) == everything[:1]
    assert await store.outbox.list("whatsapp:1") == []
    await store.outbox.settle((await take(store)).message.id, Sent("x"), at=NOW)
    assert await store.outbox.list(CHANNEL) == everything
