"""When the next message may leave: as arithmetic, and through an outbox whose clock is turned by hand."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from connectors.clock import ManualClock
from runtime.errors import SendAction, SendError
from runtime.limits import UNPACED, SendPace
from runtime.pacer import Pacer
from runtime.ports.inbox_store import ContactKey
from runtime.store.in_memory import InMemoryStateStore
from runtime.store.sqlite import SQLiteStateStore
from tests.runtime.desk import NOW, Desk, config, open_desk
from tests.runtime.recording_channel import RecordingChannel

META = SendPace(messages_per_s=80, pair_interval_s=6, pair_burst=45)
PAIR = SendPace(pair_interval_s=6, pair_burst=3)


def contact(number: int) -> ContactKey:
    return ContactKey("whatsapp:1", f"c{number}")


def pacer(pace: SendPace = META) -> Pacer:
    return Pacer(lambda _: pace)


def sends(pacer: Pacer, who: ContactKey, count: int, now: float = 0.0) -> list[float]:
    """The moments at which ``count`` messages leave that all wait since ``now``."""
    left = []
    for _ in range(count):
        left.append(pacer.book(who, now))
        pacer.used(who)
        now = max(now, left[-1])
    return left


def test_a_pair_gets_its_burst_and_then_one_message_every_six_seconds() -> None:
    assert sends(pacer(PAIR), contact(1), 6) == [0, 0, 0, 6, 12, 18]


def test_a_pair_that_was_quiet_has_its_burst_again() -> None:
    busy = pacer(PAIR)
    sends(busy, contact(1), 3)
    assert sends(busy, contact(1), 4, now=18) == [18, 18, 18, 24]


def test_a_thousand_contacts_are_called_up_one_after_the_other() -> None:
    paced = pacer()
    slots = [paced.book(contact(number), 0.0) for number in range(1000)]
    assert max(abs(slot - number / 80) for number, slot in enumerate(slots)) < 1e-9


def test_a_booked_slot_stays_until_it_is_used() -> None:
    paced = pacer()
    first, second = contact(1), contact(2)
    assert (paced.book(first, 0.0), paced.book(second, 0.0), paced.book(second, 0.005)) == (0.0, 1 / 80, 1 / 80)


def test_a_slot_given_back_is_the_next_ones_unless_somebody_booked_behind_it() -> None:
    paced = pacer()
    paced.book(contact(1), 0.0)
    paced.give_back(contact(1))
    assert paced.book(contact(2), 0.0) == 0.0
    paced.book(contact(3), 0.0)
    paced.give_back(contact(2))
    assert paced.book(contact(4), 0.0) == 2 / 80


def test_an_account_that_is_too_fast_sends_nothing_for_a_while() -> None:
    paced = pacer()
    paced.hold("whatsapp:1", 30.0)
    assert paced.book(contact(1), 1.0) == 30.0


@given(
    steps=st.lists(st.tuples(st.integers(0, 3), st.floats(0, 20, allow_nan=False), st.booleans()), max_size=150),
    interval=st.floats(0.5, 10),
    burst=st.integers(1, 8),
    rate=st.floats(0.5, 50),
)
def test_no_stretch_of_time_holds_more_than_the_burst_and_what_grew_back(
    steps: list[tuple[int, float, bool]], interval: float, burst: int, rate: float
) -> None:
    paced = pacer(SendPace(rate, interval, burst))
    now = 0.0
    left: dict[int, list[float]] = {number: [] for number in range(4)}
    for who, gap, used in steps:
        now += gap
        slot = paced.book(contact(who), now)
        if used:
            left[who].append(slot)
            paced.used(contact(who))
        else:
            paced.give_back(contact(who))
    for moments in left.values():
        for index, began in enumerate(moments):
            for count, at in enumerate(moments[index:], start=1):
                assert count <= burst + (at - began) / interval + 0.001
    everything = sorted(moment for moments in left.values() for moment in moments)
    for earlier, later in pairwise(everything):
        assert later - earlier >= 1 / rate - 1e-6


async def pass_time(desk: Desk, seconds: float) -> None:
    desk.clock.advance(seconds)
    desk.core.outbox.wake([ContactKey("http_dev", "ana"), ContactKey("http_dev", "bruno")])
    for _ in range(5):
        await asyncio.sleep(0.002)


async def test_a_talkative_turn_is_paced_and_another_contact_does_not_wait_for_it() -> None:
    channel = RecordingChannel(pace=SendPace(pair_interval_s=6, pair_burst=2))
    async with open_desk(InMemoryStateStore(), channel=channel) as desk:
        for number in range(4):
            await desk.receive(f"m{number}", f"say_{number}")
        await desk.until_heard(2)
        await desk.receive("b1", "say_hello", "bruno")
        await desk.until_heard(3)
        assert channel.texts() == ["said 0", "said 1", "said hello"]
        await pass_time(desk, 5.9)
        assert len(channel.heard) == 3
        await pass_time(desk, 0.1)
        await desk.until_heard(4)
        await pass_time(desk, 6)
        await desk.quiet()
        assert channel.texts("ana") == [f"said {number}" for number in range(4)]


async def test_what_a_pair_has_used_of_its_allowance_outlives_the_process(tmp_path: Path) -> None:
    pace, clock = SendPace(pair_interval_s=60, pair_burst=2), ManualClock(NOW)
    for run, heard in (("a", 2), ("b", 0)):
        channel = RecordingChannel(pace=pace)
        store = SQLiteStateStore(tmp_path / "state.db")
        async with open_desk(store, channel=channel, clock=clock) as desk:
            for number in range(2):
                await desk.receive(f"{run}{number}", f"say_{run}{number}")

            async def all_said() -> bool:
                return not (await desk.core.store.counts()).inbox_open

            await desk.until(all_said)
            await desk.until_heard(heard)
            assert len(channel.heard) == heard
            clock.advance(1)


async def test_a_throttled_account_rests_as_a_whole() -> None:
    channel = RecordingChannel(pace=SendPace(messages_per_s=1000))
    throttled = SendError(SendAction.RETRY, "130429", retry_after_s=30, account_wide=True)
    async with open_desk(InMemoryStateStore(), channel=channel) as desk:
        channel.fail_next(throttled)
        await desk.receive("m1", "say_1")
        await desk.until_heard(1)

        async def settled() -> bool:
            return [row.state for row in desk.core.store._tables.outbox.values()] == ["pending"]  # type: ignore[attr-defined]  # the one in memory

        await desk.until(settled)
        await desk.receive("b1", "say_hello", "bruno")
        await pass_time(desk, 29)
        assert channel.texts() == ["said 1"]
        await pass_time(desk, 1.01)
        await desk.until_heard(3)
        assert sorted(channel.texts()) == ["said 1", "said 1", "said hello"]


async def test_a_tenant_may_change_the_pace_and_a_channel_without_one_is_never_slowed() -> None:
    limits = config().limits
    assert limits.paced(UNPACED) == UNPACED
    assert type(limits).from_json({"messages_per_s": 20}).paced(META) == SendPace(20, 6, 45)
    assert type(limits).from_json({"messages_per_s": 20}).paced(UNPACED) == UNPACED
