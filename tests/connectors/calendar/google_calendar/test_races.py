"""Processes that know nothing of each other, and people, want the same times of one Google calendar at once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from connectors.errors import ConflictError, ConnectorError
from tests.connectors.calendar.desk import Desk
from tests.connectors.calendar.google_calendar.google_desk import SHOP, adapter_of, open_google_desk
from tests.fakes.google_calendar import FakeGoogle, Fault
from tests.fakes.google_calendar.memory import Calendar
from tests.fakes.loopback import LoopbackServer

SATURDAY = "2026-11-28"
TIMES = ("10:00", "10:30")
PROCESSES = 3
CONTENDERS = 6
"""In one round: two customers for each process, all for the same time, some with a long service."""

ROUNDS = 13
ROUNDS_IN_THE_LONG_PROFILE = 425
"""Of six attempts each, in four races: 312 attempts, and 10,200."""

POLICY = {"attempts": 3, "base_wait_s": 0.001, "max_wait_s": 0.002, "min_calls": 10_000}


@dataclass
class Tally:
    """What came of all attempts. ``told`` are the event ids that customers were told."""

    attempts: int = 0
    conflicts: int = 0
    unknown: int = 0
    told: list[str] = field(default_factory=list)


@asynccontextmanager
async def processes(google: FakeGoogle, count: int) -> AsyncIterator[list[Desk]]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(LoopbackServer(google.app()))
        opened = [open_google_desk(google, server.url, policy=POLICY) for _ in range(count)]
        yield [await stack.enter_async_context(desk) for desk in opened]


async def attempt(desk: Desk, tally: Tally, key: str, time: str, service: str) -> None:
    tally.attempts += 1
    try:
        booking = await desk.book(SATURDAY, time, service=service, contact=f"customer {key}", key=key)
    except ConflictError:
        tally.conflicts += 1
    except ConnectorError:
        tally.unknown += 1
    else:
        tally.told.append(booking["event_id"])


def a_person(shop: Calendar, time: str) -> Any:
    """Somebody enters something by hand at a random moment, and leaves it there."""
    return shop.add(f"{SATURDAY}T{time}:00+01:00", summary="by hand")


async def race(rounds: int, seed: int, *, lossy: bool, with_people: bool) -> Tally:
    """Every round: all contend for one time, then what stands is compared with what was told."""
    chance = random.Random(seed)
    google = FakeGoogle(shuffle=chance)
    shop = google.calendar(SHOP)
    tally = Tally()
    async with processes(google, PROCESSES) as desks:
        for number in range(rounds):
            before, time = len(tally.told), chance.choice(TIMES)
            if lossy:
                google.faults += _losses(chance)
            if with_people and chance.random() < 0.3:
                google.moments.append(_once_at_random(chance, shop, time))
            contenders = [
                attempt(
                    desks[index % PROCESSES], tally, f"{seed}:{number}:{index}", time, chance.choice(("cut", "color"))
                )
                for index in range(CONTENDERS)
            ]
            await asyncio.gather(*contenders)
            google.faults.clear()
            google.moments.clear()
            await _check(desks, shop, tally.told[before:])
    assert google.violations == []
    return tally


def _losses(chance: random.Random) -> list[Fault]:
    """Some answers are lost, after the work or instead of it."""
    methods = ("POST", "PATCH", "GET", "DELETE")
    return [
        Fault(503, method=chance.choice(methods), path="/events", after_work=chance.random() < 0.5)
        for _ in range(chance.randrange(3))
    ]


def _once_at_random(chance: random.Random, shop: Calendar, time: str) -> Any:
    left = [chance.randrange(20)]

    def moment(_name: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            a_person(shop, time)

    return moment


async def _check(desks: list[Desk], shop: Calendar, told: list[str]) -> None:
    """Nobody was told of a time that somebody else was told of, and whoever was told has an event. Then tidy up."""
    ours = {event["id"]: event for event in shop.standing() if "extendedProperties" in event}
    told_ids = {event_id for event_id in ours if any(event_id.startswith(booked) for booked in told)}
    assert len(told_ids) == len(told), "somebody was told of an appointment that does not stand"
    confirmed = Calendar("told", events={event_id: ours[event_id] for event_id in told_ids})
    assert confirmed.doubles() == [], "two customers were told of the same time"
    for event in list(shop.standing()):
        shop.remove(event["id"])
    for desk in desks:
        await _forget(desk)


async def _forget(desk: Desk) -> None:
    """The calendar was emptied by hand: the next sync frees the times."""
    desk.at += timedelta(seconds=1)
    await adapter_of(desk).sync(desk.at + timedelta(minutes=5))


_RACES = {
    "without losses": (False, False),
    "with lost answers": (True, False),
    "with people": (False, True),
    "with people and lost answers": (True, True),
}


@pytest.mark.parametrize(("lossy", "with_people"), _RACES.values(), ids=_RACES.keys())
async def test_no_time_is_told_twice(lossy: bool, with_people: bool) -> None:
    tally = await race(ROUNDS, seed=7, lossy=lossy, with_people=with_people)
    assert tally.attempts == ROUNDS * CONTENDERS
    assert len(tally.told) + tally.conflicts + tally.unknown == tally.attempts
    assert tally.told


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
async def test_no_time_is_told_twice_in_ten_thousand_attempts(seed: int) -> None:
    tally = await race(ROUNDS_IN_THE_LONG_PROFILE, seed=seed, lossy=seed % 2 == 1, with_people=seed > 1)
    assert tally.told
