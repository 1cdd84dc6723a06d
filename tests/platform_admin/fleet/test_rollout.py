"""The order of an upgrade, as facts and the step that follows from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_admin.fleet.models import Rollout
from platform_admin.fleet.rollout import Member, Pace, Step, next_step

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
PATIENCE, SOAK = timedelta(minutes=3), timedelta(minutes=1)
PACE = Pace(2, PATIENCE, SOAK)
State = Rollout.State


def old(tenant: str, *, canary: bool = False) -> Member:
    return Member(tenant, moved=False, ready=True, canary=canary)


def new(
    tenant: str, *, ready: bool = True, ago: timedelta | None = None, reason: str = "", canary: bool = False
) -> Member:
    """``ago``: since when it is (not) ready; not given: for as long as canaries are watched, or just now."""
    since = NOON - (ago if ago is not None else SOAK if ready else timedelta())
    return Member(tenant, moved=True, ready=ready, since=since, reason=reason, canary=canary)


CASES = {
    "canaries go before the others": (
        [old("luna"), old("sol", canary=True), old("mar")],
        Step(State.ROLLING, upgrade=("sol",)),
    ),
    "without canaries the first batch goes": (
        [old("luna"), old("sol"), old("mar")],
        Step(State.ROLLING, upgrade=("luna", "sol")),
    ),
    "the next batch goes when the last is ready": (
        [new("luna"), new("sol"), old("mar")],
        Step(State.ROLLING, upgrade=("mar",)),
    ),
    "nobody goes while one is not ready": (
        [new("luna"), new("sol", ready=False, reason="it does not answer yet"), old("mar")],
        Step(State.PAUSED, reason="Waits until it is ready: sol (it does not answer yet)"),
    ),
    "one that is not ready in time stops it": (
        [new("luna", ready=False, ago=PATIENCE), new("sol", ready=False), old("mar")],
        Step(State.STOPPED, reason="Not ready after 180 s: luna"),
    ),
    "canaries stay ready for a time before the others go": (
        [new("sol", ago=SOAK - timedelta(seconds=1), canary=True), old("luna")],
        Step(State.PAUSED, reason="Watches for 60 s whether it stays ready: sol"),
    ),
    "then the others go": (
        [new("sol", ago=SOAK, canary=True), old("luna")],
        Step(State.ROLLING, upgrade=("luna",)),
    ),
    "a canary that was ready and is not any more holds it": (
        [new("sol", ready=False, canary=True, reason="the database cannot be written"), old("luna")],
        Step(State.PAUSED, reason="Waits until it is ready: sol (the database cannot be written)"),
    ),
    "without canaries the first batch is watched": (
        [new("luna", ago=timedelta()), old("sol"), old("mar")],
        Step(State.PAUSED, reason="Watches for 60 s whether it stays ready: luna"),
    ),
    "later batches are not waited for": (
        [new("luna"), new("sol"), new("mar", ago=timedelta()), old("ana")],
        Step(State.ROLLING, upgrade=("ana",)),
    ),
    "it is done when all are there and ready": ([new("luna"), new("sol")], Step(State.DONE)),
    "it is not done before the last is ready": (
        [new("luna"), new("sol", ready=False)],
        Step(State.PAUSED, reason="Waits until it is ready: sol"),
    ),
    "a fleet of nobody is done": ([], Step(State.DONE)),
    "one that was unready before does not hold it up": (
        [Member("luna", moved=False, ready=False), old("sol")],
        Step(State.ROLLING, upgrade=("luna", "sol")),
    ),
}


@pytest.mark.parametrize(("members", "step"), CASES.values(), ids=CASES.keys())
def test_the_step_that_follows(members: list[Member], step: Step) -> None:
    assert next_step(members, PACE, now=NOON) == step


members_of_any_kind = st.lists(
    st.builds(
        Member,
        tenant=st.uuids().map(str),
        moved=st.booleans(),
        ready=st.booleans(),
        since=st.none() | st.datetimes().map(lambda at: at.replace(tzinfo=UTC)),
        canary=st.booleans(),
    ),
    max_size=12,
)


@given(members_of_any_kind, st.integers(1, 5))
def test_no_more_than_a_batch_is_ever_away_and_only_who_has_not_moved_is_moved(
    members: list[Member], batch: int
) -> None:
    step = next_step(members, Pace(batch, PATIENCE, SOAK), now=NOON)
    waiting = [member for member in members if member.moved and not member.ready]
    moved = {member.tenant: member for member in members if member.tenant in step.upgrade}
    assert len(moved) <= batch
    assert not (waiting and moved)
    assert not any(member.moved for member in moved.values())
    canaries_left = any(member.canary and not member.moved for member in members)
    assert all(member.canary for member in moved.values()) or not canaries_left


@given(members_of_any_kind, st.integers(1, 5))
def test_a_fleet_whose_runtimes_all_become_ready_arrives(members: list[Member], batch: int) -> None:
    fleet = {member.tenant: member for member in members}
    for _ in range(len(fleet) + 2):
        step = next_step(list(fleet.values()), Pace(batch, PATIENCE, SOAK), now=NOON)
        if step.state == State.DONE:
            break
        arrived = {*step.upgrade, *(member.tenant for member in fleet.values() if member.moved)}
        fleet |= {tenant: replace(fleet[tenant], moved=True, ready=True, since=None) for tenant in arrived}
    assert step.state == State.DONE
    assert all(member.moved for member in fleet.values())
