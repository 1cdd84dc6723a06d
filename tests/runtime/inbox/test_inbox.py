"""Order, parallelism, duplicates and poison, with handlers written for the purpose."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

import pytest

from connectors.clock import ManualClock
from flow_engine.messages import InternalMessage
from runtime.errors import StoreUnavailableError
from runtime.inbox import Inbox, Surroundings
from runtime.limits import InboundLimits
from runtime.ports.inbox import AcceptResult, DeliveryStatus
from runtime.ports.inbox_store import ClaimedEvent, ContactKey
from runtime.ports.state_store import StateStorePort
from runtime.store.in_memory import InMemoryStateStore
from tests.runtime.desk import NOW, tap
from tests.runtime.store.samples import step


class Counter:
    """A place where events are worked on: remembers them, and fails or waits as told."""

    def __init__(self, store: StateStorePort) -> None:
        self.store = store
        self.seen: dict[str, list[str]] = defaultdict(list)
        self.at_work: set[str] = set()
        self.overlaps: list[str] = []
        self.most_at_work = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.fault: Callable[[str], Exception | None] = lambda _: None

    async def handle(self, claimed: ClaimedEvent) -> None:
        assert isinstance(claimed.event, InternalMessage)
        contact_id, message_id = claimed.contact.contact_id, claimed.event.id
        if contact_id in self.at_work:
            self.overlaps.append(message_id)
        self.at_work.add(contact_id)
        self.most_at_work = max(self.most_at_work, len(self.at_work))
        try:
            self.seen[contact_id].append(message_id)
            await self.gate.wait()
            await asyncio.sleep(0)
            fault = self.fault(message_id)
            if fault is not None:
                raise fault
            await self.store.conversations.commit_step(step(claimed.claim, claimed.contact))
        finally:
            self.at_work.discard(contact_id)


async def no_statuses(batch: Sequence[DeliveryStatus]) -> None:
    return None


def inbox_over(store: StateStorePort, handle: Callable[[ClaimedEvent], Awaitable[None]], run_id: str = "run") -> Inbox:
    return Inbox(store.inbox, handle, no_statuses, ManualClock(NOW), run_id, retry_pause_s=0.0)


async def quiet(store: StateStorePort) -> None:
    for _ in range(1000):
        if not (await store.counts()).inbox_open:
            return
        await asyncio.sleep(0.002)
    raise AssertionError("the inbox never became quiet")


@pytest.fixture
def store() -> InMemoryStateStore:
    return InMemoryStateStore()


@pytest.fixture
def counter(store: InMemoryStateStore) -> Counter:
    return Counter(store)


async def test_each_contact_is_served_in_order_of_arrival(store: InMemoryStateStore, counter: Counter) -> None:
    inbox = inbox_over(store, counter.handle)
    await inbox.start()
    for number in range(20):
        await inbox.accept([tap(f"{contact}{number}", "x", contact) for contact in ("a", "b", "c")])
    await quiet(store)
    assert counter.seen == {contact: [f"{contact}{number}" for number in range(20)] for contact in ("a", "b", "c")}
    assert await inbox.stop(1)


async def test_contacts_are_served_in_parallel_and_one_that_hangs_delays_no_other(
    store: InMemoryStateStore, counter: Counter
) -> None:
    inbox = inbox_over(store, counter.handle)
    await inbox.start()
    counter.gate.clear()
    await inbox.accept([tap("a1", "x", "a"), tap("a2", "x", "a"), tap("b1", "x", "b")])
    await asyncio.sleep(0.01)
    assert counter.seen == {"a": ["a1"], "b": ["b1"]}
    assert counter.most_at_work == 2
    await inbox.accept([tap("a3", "x", "a")])
    await asyncio.sleep(0.01)
    assert (counter.seen["a"], counter.overlaps) == (["a1"], [])
    counter.gate.set()
    await quiet(store)
    assert counter.seen == {"a": ["a1", "a2", "a3"], "b": ["b1"]}


async def test_a_noisy_contact_waits_its_turn_behind_a_quiet_one(store: InMemoryStateStore) -> None:
    served: list[str] = []

    async def handle(claimed: ClaimedEvent) -> None:
        assert isinstance(claimed.event, InternalMessage)
        served.append(claimed.event.id)
        await store.conversations.commit_step(step(claimed.claim, claimed.contact))

    inbox = inbox_over(store, handle)
    inbox.lines._width = 1
    await inbox.accept([*(tap(f"n{number}", "x", "noisy") for number in range(50)), tap("q1", "x", "quiet")])
    await inbox.start()
    await quiet(store)
    assert served.index("q1") == 1


async def test_the_same_message_fifty_times_in_parallel_is_worked_on_once(
    store: InMemoryStateStore, counter: Counter
) -> None:
    inbox = inbox_over(store, counter.handle)
    await inbox.start()
    results = await asyncio.gather(*(inbox.accept([tap("m1", "x")]) for _ in range(50)))
    await quiet(store)
    assert sorted(results, key=lambda result: result.duplicates) == [AcceptResult(1, 0)] + [AcceptResult(0, 1)] * 49
    assert counter.seen == {"ana": ["m1"]}


async def test_a_message_that_always_fails_is_parked_after_three_attempts_and_the_next_one_runs(
    store: InMemoryStateStore, counter: Counter
) -> None:
    counter.fault = lambda message_id: RuntimeError("no way") if message_id == "poison" else None
    inbox = inbox_over(store, counter.handle)
    await inbox.start()
    await inbox.accept([tap("poison", "x"), tap("good", "x")])
    await quiet(store)
    assert counter.seen == {"ana": ["poison", "poison", "poison", "good"]}
    assert (await store.counts()).inbox_dead == 1


async def test_a_message_that_fails_once_is_done_at_the_second_attempt(
    store: InMemoryStateStore, counter: Counter
) -> None:
    faults = [RuntimeError("once"), None]
    counter.fault = lambda _: faults.pop(0)
    inbox = inbox_over(store, counter.handle)
    await inbox.start()
    await inbox.accept([tap("m1", "x")])
    await quiet(store)
    assert counter.seen == {"ana": ["m1", "m1"]}
    assert (await store.counts()).inbox_dead == 0


async def test_what_an_earlier_run_left_claimed_is_worked_on_at_start(
    store: InMemoryStateStore, counter: Counter
) -> None:
    await store.inbox.accept([tap("m1", "x"), tap("m2", "x")], NOW)
    await store.inbox.claim(ContactKey("http_dev", "ana"), "dead run", max_attempts=3, at=NOW)
    inbox = inbox_over(store, counter.handle)
    await inbox.start()
    await quiet(store)
    assert counter.seen == {"ana": ["m1", "m2"]}


async def test_messages_accepted_before_the_start_wait_in_the_store(
    store: InMemoryStateStore, counter: Counter
) -> None:
    inbox = inbox_over(store, counter.handle)
    await inbox.accept([tap("m1", "x")])
    await asyncio.sleep(0.01)
    assert (dict(counter.seen), (await store.counts()).inbox_open) == ({}, 1)
    await inbox.start()
    await quiet(store)
    assert counter.seen == {"ana": ["m1"]}


async def test_stopping_finishes_what_runs_begins_nothing_new_and_refuses_what_comes(
    store: InMemoryStateStore, counter: Counter
) -> None:
    inbox = inbox_over(store, counter.handle)
    await inbox.start()
    counter.gate.clear()
    await inbox.accept([tap("m1", "x"), tap("m2", "x")])
    await asyncio.sleep(0.01)
    stopping = asyncio.ensure_future(inbox.stop(5))
    await asyncio.sleep(0)
    for refused in (inbox.accept([tap("m3", "x")]), inbox.keep_raw("x", b"", ""), inbox.record_statuses([])):
        with pytest.raises(StoreUnavailableError, match="stopping"):
            await refused
    counter.gate.set()
    assert await stopping is True
    assert counter.seen == {"ana": ["m1"]}
    counts = await store.counts()
    assert (counts.inbox_open, counts.raw_kept) == (1, 0)


async def test_a_turn_that_outlasts_the_deadline_is_cut_off_and_left_to_the_next_run(
    store: InMemoryStateStore, counter: Counter
) -> None:
    inbox = inbox_over(store, counter.handle, "run-1")
    await inbox.start()
    counter.gate.clear()
    await inbox.accept([tap("m1", "x")])
    await asyncio.sleep(0.01)
    assert await inbox.stop(0.01) is False
    counter.gate.set()
    successor = inbox_over(store, counter.handle, "run-2")
    await successor.start()
    await quiet(store)
    assert counter.seen == {"ana": ["m1", "m1"]}


async def try_twice(store: StateStorePort, contacts: Sequence[str]) -> None:
    """Two runs died of one message of each."""
    await store.inbox.accept([tap(name, "x", name) for name in contacts], NOW)
    for run in ("dead-1", "dead-2"):
        for name in contacts:
            await store.inbox.claim(ContactKey("http_dev", name), run, max_attempts=3, at=NOW)


async def test_events_at_their_last_attempt_are_worked_on_one_at_a_time_beside_the_others(
    store: InMemoryStateStore, counter: Counter
) -> None:
    suspects = ["s0", "s1", "s2"]
    await try_twice(store, suspects)
    inbox = inbox_over(store, counter.handle)
    counter.gate.clear()
    await inbox.start()
    await inbox.accept([tap("q1", "x", "quiet")])
    await asyncio.sleep(0.01)
    assert dict(counter.seen) == {"s0": ["s0"], "quiet": ["q1"]}
    counter.gate.set()
    await quiet(store)
    assert counter.seen == {name: [name] for name in suspects} | {"quiet": ["q1"]}
    assert (await store.counts()).inbox_dead == 0


async def test_one_at_its_last_attempt_is_not_waited_for_under_an_id_that_it_had_before_a_suspension_ended(
    store: InMemoryStateStore, counter: Counter
) -> None:
    await try_twice(store, ["s0", "s1"])
    inbox = inbox_over(store, counter.handle)
    inbox.hold()
    await inbox.start()
    await store.contacts.rename(ContactKey("http_dev", "s0"), "s9", at=NOW)
    await inbox.release()
    await quiet(store)
    assert counter.seen == {"s9": ["s0"], "s1": ["s1"]}
    assert counter.most_at_work == 1


@pytest.mark.parametrize("max_attempts", [0, 1])
async def test_what_was_never_tried_is_worked_on_side_by_side_also_where_one_attempt_is_all(
    store: InMemoryStateStore, counter: Counter, max_attempts: int
) -> None:
    inbox = inbox_over(store, counter.handle)
    inbox.surroundings = Surroundings(limits=lambda: InboundLimits(max_attempts=max_attempts))
    await inbox.accept([tap("a1", "x", "a"), tap("b1", "x", "b")])
    await inbox.start()
    await quiet(store)
    assert counter.most_at_work == 2
    inbox.hold()
    await inbox.accept([tap(f"{contact}2", "x", contact) for contact in ("a", "b", "c")])
    await inbox.release()
    await quiet(store)
    assert counter.most_at_work == 3
