from __future__ import annotations

import asyncio

import pytest

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import MessageType
from runtime.errors import ClaimLostError
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import Accepted, ClaimedEvent, DueTask
from runtime.ports.state_store import StateStorePort
from tests.runtime.store.samples import ANA, BRUNO, NOW, RUN, after, claim, message, step


async def test_a_batch_is_stored_and_known_ids_are_counted_as_duplicates(store: StateStorePort) -> None:
    assert await store.inbox.accept([message("m1"), message("m2", BRUNO)], NOW) == Accepted(
        2, 0, frozenset({ANA, BRUNO})
    )
    assert await store.inbox.accept([message("m1"), message("m3"), message("m3")], NOW) == Accepted(
        1, 2, frozenset({ANA})
    )
    assert (await store.counts()).inbox_open == 3


async def test_the_same_message_id_on_another_account_is_another_message(store: StateStorePort) -> None:
    elsewhere = InboundEnvelope("whatsapp:1", "whatsapp", message("m1").message)
    assert (await store.inbox.accept([message("m1"), elsewhere], NOW)).stored == 2


async def test_a_message_comes_back_from_a_claim_exactly_as_it_was_accepted(store: StateStorePort) -> None:
    sent = InternalMessage(
        "m1",
        "ana",
        MessageType.LOCATION,
        NOW,
        "¿dónde? 🗺",
        "opt_1",
        {"latitude": 40.4, "tags": [1, None]},
        "m0",
        "Ana",
        "+34",
    )
    await store.inbox.accept([InboundEnvelope(ANA.channel_id, "whatsapp", sent)], NOW)
    claimed = await claim(store)
    assert (claimed.event, claimed.profile, claimed.contact) == (sent, "whatsapp", ANA)
    assert (claimed.received_at, claimed.attempts, claimed.started) == (NOW, 1, False)


async def test_text_that_is_no_valid_unicode_survives(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1", text="\ud83d half, and a \x00 zero")], NOW)
    event = (await claim(store)).event
    assert isinstance(event, InternalMessage)
    assert event.text == "\ud83d half, and a \x00 zero"


async def test_a_contact_is_claimed_in_order_of_arrival(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1"), message("b1", BRUNO), message("m2")], NOW)
    seen = []
    for _ in range(2):
        claimed = await claim(store)
        assert isinstance(claimed.event, InternalMessage)
        seen.append(claimed.event.id)
        await store.conversations.commit_step(step(claimed.claim))
    assert seen == ["m1", "m2"]
    assert await store.inbox.claim(ANA, RUN, max_attempts=3, at=NOW) is None
    assert await store.inbox.contacts_waiting() == [BRUNO]


async def test_a_claim_tells_whether_anything_else_of_the_contact_waits(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1"), message("b1", BRUNO), message("m2")], NOW)
    first = await claim(store)
    assert (first.attempts, first.more) == (1, True)
    await store.conversations.commit_step(step(first.claim))
    second = await claim(store)
    assert (second.attempts, second.more) == (1, False)
    await store.inbox.accept([message("m3")], NOW)
    await store.conversations.commit_step(step(second.claim))
    assert (await claim(store)).more is False


async def test_the_attempt_is_counted_when_claimed_and_a_failed_event_comes_again(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1")], NOW)
    for attempt in (1, 2):
        claimed = await claim(store)
        assert claimed.attempts == attempt
        assert await store.inbox.fail(claimed.claim, "boom", max_attempts=3, at=NOW) is False
    assert await store.inbox.fail((await claim(store)).claim, "boom", max_attempts=3, at=NOW) is True
    assert await store.inbox.claim(ANA, RUN, max_attempts=3, at=NOW) is None
    assert ((await store.counts()).inbox_open, (await store.counts()).inbox_dead) == (0, 1)


async def test_an_event_that_killed_three_runs_is_parked_and_the_next_one_claimed(store: StateStorePort) -> None:
    await store.inbox.accept([message("poison"), message("good")], NOW)
    for run in ("run-1", "run-2", "run-3"):
        assert (await claim(store, run_id=run)).attempts == int(run[-1])
        await store.inbox.release_claims_of_dead_runs("next")
    claimed = await claim(store, run_id="run-4")
    assert isinstance(claimed.event, InternalMessage)
    assert claimed.event.id == "good"
    assert (await store.counts()).inbox_dead == 1


async def test_claims_of_dead_runs_are_released_and_own_ones_kept(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1"), message("b1", BRUNO)], NOW)
    await claim(store, ANA, "dead")
    kept = await claim(store, BRUNO, RUN)
    assert await store.inbox.release_claims_of_dead_runs(RUN) == 1
    await store.conversations.commit_step(step(kept.claim, BRUNO))
    assert await store.inbox.contacts_waiting() == [ANA]


async def test_an_event_claimed_by_another_run_cannot_be_given_back(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1")], NOW)
    stale = await claim(store, run_id="dead")
    await store.inbox.release_claims_of_dead_runs(RUN)
    await claim(store)
    with pytest.raises(ClaimLostError):
        await store.inbox.fail(stale.claim, "late", max_attempts=3, at=NOW)


async def test_bytes_nobody_could_read_are_kept(store: StateStorePort) -> None:
    await store.inbox.keep_raw("whatsapp:1", b"\xff{", "invalid JSON", NOW)
    assert (await store.counts()).raw_kept == 1


async def test_an_event_of_our_own_enters_a_line_once_behind_what_waits(store: StateStorePort) -> None:
    resume = DueTask("@operator_resumed", "command-1", NOW)
    await store.inbox.accept([message("m1")], NOW)
    assert await store.inbox.enter(ANA, "http_dev", resume, NOW)
    assert not await store.inbox.enter(ANA, "http_dev", resume, after(5))
    first = await claim(store)
    await store.conversations.commit_step(step(first.claim))
    assert (await claim(store)).event == resume
    assert (await store.counts()).inbox_open == 1


async def test_contacts_whose_oldest_event_got_nowhere_so_often_are_named(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1"), message("b1", BRUNO)], NOW)
    for run in ("run-1", "run-2"):
        await claim(store, run_id=run)
    await claim(store, BRUNO, run_id="run-2")
    await store.inbox.release_claims_of_dead_runs(RUN)
    assert await store.inbox.contacts_tried(1) == [ANA, BRUNO]
    assert await store.inbox.contacts_tried(2) == [ANA]
    assert await store.inbox.contacts_tried(3) == []


async def test_many_deliveries_at_once_are_told_apart_and_odd_ids_survive(store: StateStorePort) -> None:
    batches = [[message("m1")], [message("m1"), message("m2", BRUNO)], [message("m\x00odd")], [message("m3")]]
    accepted = await asyncio.gather(*(store.inbox.accept(batch, NOW) for batch in batches))
    assert sorted((found.stored, found.duplicates) for found in accepted) == [(1, 0), (1, 0), (1, 0), (1, 1)]
    again = await asyncio.gather(*(store.inbox.accept(batch, NOW) for batch in batches))
    assert sum(found.stored for found in again) == 0
    assert (await store.counts()).inbox_open == 4


@pytest.mark.parametrize("deliveries", [1, 2, 8, 9, 63, 64, 65, 130], ids=lambda n: f"{n} at once")
async def test_of_what_comes_at_once_each_message_is_stored_once_and_in_order(
    store: StateStorePort, deliveries: int
) -> None:
    known = [message(f"m{number}") for number in range(0, deliveries, 3)]
    await store.inbox.accept(known, NOW)
    batches = [[message(f"m{number}")] for number in range(deliveries)]
    accepted = await asyncio.gather(*(store.inbox.accept(batch, NOW) for batch in batches))
    new = [number for number in range(deliveries) if number % 3]
    assert [number for number, found in enumerate(accepted) if found == Accepted(1, 0, frozenset({ANA}))] == new
    assert [found for number, found in enumerate(accepted) if not number % 3] == [Accepted(0, 1, frozenset())] * len(
        known
    )
    claimed = []
    while (event := await store.inbox.claim(ANA, RUN, max_attempts=3, at=NOW)) is not None:
        assert isinstance(event, ClaimedEvent)
        assert isinstance(event.event, InternalMessage)
        claimed.append(event.event.id)
        await store.conversations.commit_step(step(event.claim))
    assert claimed == [each.message.id for each in known] + [f"m{number}" for number in new]
