"""The order of an upgrade, as facts and the step that follows from them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_admin.fleet.models import Rollout
from platform_admin.fleet.rollout import Member, Step, next_step

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
PATIENCE = timedelta(minutes=3)
NEW, OLD = "runtime:2", "runtime:1"
State = Rollout.State


def old(tenant: str, *, canary: bool = False) -> Member:
    return Member(tenant, OLD, ready=True, canary=canary)


def new(tenant: str, *, ready: bool = True, ago: timedelta = timedelta(), reason: str = "") -> Member:
    return Member(tenant, NEW, ready=ready, since=NOON - ago, reason=reason)


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
    "it is done when all are there and ready": ([new("luna"), new("sol")], Step(State.DONE)),
    "it is not done before the last is ready": (
        [new("luna"), new("sol", ready=False)],
        Step(State.PAUSED, reason="Waits until it is ready: sol"),
    ),
    "a fleet of nobody is done": ([], Step(State.DONE)),
    "one that was unready before does not hold it up": (
        [Member("luna", OLD, ready=False), old("sol")],
        Step(State.ROLLING, upgrade=("luna", "sol")),
    ),
}


@pytest.mark.parametrize(("members", "step"), CASES.values(), ids=CASES.keys())
def test_the_step_that_follows(members: list[Member], step: Step) -> None:
    assert next_step(NEW, members, batch=2, patience=PATIENCE, now=NOON) == step


members_of_any_kind = st.lists(
    st.builds(
        Member,
        tenant=st.uuids().map(str),
        image=st.sampled_from([OLD, NEW]),
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
    step = next_step(NEW, members, batch=batch, patience=PATIENCE, now=NOON)
    waiting = [member for member in members if member.image == NEW and not member.ready]
    moved = {member.tenant: member for member in members if member.tenant in step.upgrade}
    assert len(moved) <= batch
    assert not (waiting and moved)
    assert all(member.image == OLD for member in moved.values())
    canaries_left = any(member.canary and member.image == OLD for member in members)
    assert all(member.canary for member in moved.values()) or not canaries_left


@given(members_of_any_kind, st.integers(1, 5))
def test_a_fleet_whose_runtimes_all_become_ready_arrives(members: list[Member], batch: int) -> None:
    fleet = {member.tenant: member for member in members}
    for _ in range(len(fleet) + 2):
        step = next_step(NEW, list(fleet.values()), batch=batch, patience=PATIENCE, now=NOON)
        if step.state == State.DONE:
            break
        fleet |= {tenant: Member(tenant, NEW, ready=True) for tenant in step.upgrade}
        fleet |= {m.tenant: Member(m.tenant, NEW, ready=True) for m in fleet.values() if m.image == NEW}
    assert step.state == State.DONE
    assert {member.image for member in fleet.values()} <= {NEW}
