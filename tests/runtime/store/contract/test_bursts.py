"""Short texts that wait for each other, and what happens to them when a turn fails or the process dies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import MessageType
from runtime.burst import BurstWindow
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import ClaimedEvent, RefusedEvent
from runtime.ports.state_store import StateStorePort
from runtime.scheduler.task_executor import MISFIRE_GRACE
from tests.runtime.store.samples import ANA, BRUNO, NOW, RUN, after, claim, message, step

WINDOW = BurstWindow(timedelta(seconds=2))


def tapped(message_id: str) -> InboundEnvelope:
    return InboundEnvelope(
        ANA.channel_id, "http_dev", InternalMessage(message_id, "ana", MessageType.BUTTON, NOW, "Yes", "yes")
    )


async def hear(store: StateStorePort, *envelopes: InboundEnvelope, at_s: float = 0.0) -> None:
    await store.inbox.accept(envelopes, after(at_s), burst=WINDOW)


async def let_pass(store: StateStorePort, until_s: float) -> set[str]:
    """Fire what is due at that time; whom it woke."""
    fired = await store.tasks.fire_due(
        now=after(until_s), grace=MISFIRE_GRACE, next_due=lambda _task, _now: None, limit=100
    )
    return {contact.contact_id for contact in fired.contacts}


async def claim_or_none(store: StateStorePort, run_id: str = RUN) -> ClaimedEvent | RefusedEvent | None:
    return await store.inbox.claim(ANA, run_id, max_attempts=3, at=NOW)


def said(claimed: ClaimedEvent) -> tuple[str, str]:
    assert isinstance(claimed.event, InternalMessage)
    return claimed.event.id, claimed.event.text


async def test_texts_within_the_window_become_one_turn_and_all_of_them_are_done_with_it(store: StateStorePort) -> None:
    await hear(store, message("m1", text="hola"))
    await hear(store, message("m2", text="quiero cita"), at_s=1.5)
    assert await claim_or_none(store) is None
    assert await let_pass(store, 3.4) == set()
    assert await let_pass(store, 3.5) == {"ana"}
    claimed = await claim(store)
    assert said(claimed) == ("m1", "hola\nquiero cita")
    await store.conversations.commit_step(step(claimed.claim))
    counts = await store.counts()
    assert (counts.inbox_open, counts.inbox_dead) == (0, 0)
    assert await claim_or_none(store) is None


async def test_a_tap_is_answered_at_once_behind_the_texts_that_waited(store: StateStorePort) -> None:
    await hear(store, message("m1", text="hola"), message("m2", text="esto"))
    await hear(store, tapped("m3"), at_s=0.5)
    first = await claim(store)
    assert said(first) == ("m1", "hola\nesto")
    await store.conversations.commit_step(step(first.claim))
    assert said(await claim(store)) == ("m3", "Yes")
    assert await let_pass(store, 60) == set()


async def test_somebody_who_never_pauses_is_answered_after_four_windows(store: StateStorePort) -> None:
    for number in range(6):
        await hear(store, message(f"m{number}", text=str(number)), at_s=number * 1.5)
    assert await let_pass(store, 7.9) == set()
    assert await let_pass(store, 8.0) == {"ana"}
    assert said(await claim(store)) == ("m0", "0\n1\n2\n3\n4\n5")


async def test_a_long_text_and_a_late_one_wait_for_nobody(store: StateStorePort) -> None:
    await hear(store, message("m1", text="x" * 201))
    assert said(await claim(store))[0] == "m1"
    late = message("b1", BRUNO, "tarde")
    await hear(store, replace(late, message=replace(late.message, late=True)))
    assert said(await claim(store, BRUNO))[0] == "b1"


async def test_without_a_window_each_text_is_its_own_turn(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1", text="hola"), message("m2", text="esto")], NOW)
    assert said(await claim(store)) == ("m1", "hola")


async def test_a_text_that_waited_while_the_process_was_down_is_answered_however_late(store: StateStorePort) -> None:
    await hear(store, message("m1", text="hola"))
    await store.inbox.release_claims_of_dead_runs("next")
    assert await claim_or_none(store) is None
    assert await let_pass(store, 86_400) == {"ana"}
    assert said(await claim(store)) == ("m1", "hola")


async def test_texts_of_a_turn_that_failed_are_tried_again_one_by_one(store: StateStorePort) -> None:
    await hear(store, message("m1", text="poison"), message("m2", text="good"))
    await let_pass(store, 2)
    claimed = await claim(store)
    await store.inbox.fail(claimed.claim, "boom", max_attempts=3, at=NOW)
    for _ in range(2):
        claimed = await claim(store)
        assert said(claimed) == ("m1", "poison")
        await store.inbox.fail(claimed.claim, "boom", max_attempts=3, at=NOW)
    claimed = await claim(store)
    assert said(claimed) == ("m2", "good")
    await store.conversations.commit_step(step(claimed.claim))
    counts = await store.counts()
    assert (counts.inbox_open, counts.inbox_dead) == (0, 1)


async def test_a_joined_turn_that_was_begun_is_resumed_as_it_was_and_takes_nothing_new_along(
    store: StateStorePort,
) -> None:
    await hear(store, message("m1", text="hola"), message("m2", text="cita"))
    await let_pass(store, 2)
    claimed = await claim(store, run_id="dead")
    await store.conversations.commit_step(step(claimed.claim, done=False))
    await hear(store, message("m3", text="¿sigues ahí?"), at_s=3)
    await let_pass(store, 6)
    await store.inbox.release_claims_of_dead_runs(RUN)
    resumed = await claim(store)
    assert (said(resumed), resumed.started) == (("m1", "hola\ncita"), True)
    await store.conversations.commit_step(step(resumed.claim))
    assert said(await claim(store)) == ("m3", "¿sigues ahí?")


async def test_a_begun_joined_turn_that_kills_every_run_is_parked_whole(store: StateStorePort) -> None:
    await hear(store, message("m1", text="hola"), message("m2", text="cita"), message("m3", text="ya"))
    await let_pass(store, 2)
    claimed = await claim(store, run_id="dead-0")
    await store.conversations.commit_step(step(claimed.claim, done=False))
    for attempt in range(1, 4):
        await store.inbox.release_claims_of_dead_runs("next")
        assert (await claim(store, run_id=f"dead-{attempt}")).attempts == attempt
    await store.inbox.release_claims_of_dead_runs("next")
    assert await claim_or_none(store) is None
    counts = await store.counts()
    assert (counts.inbox_open, counts.inbox_dead) == (0, 3)
