from __future__ import annotations

import pytest

from flow_engine.effects import CallConnector
from flow_engine.outputs.output import Buttons, Option
from flow_engine.position import Frame, WaitingFor
from runtime.errors import ClaimLostError, StoreError
from runtime.ports.conversation_store import Outcome
from runtime.ports.state_store import StateStorePort
from tests.runtime.store.samples import ANA, BRUNO, NOW, RUN, after, claim, message, state, step, task

WAITING = WaitingFor(
    CallConnector("conv-ana:1:0", "calendar", "book", {"day": "2026-03-03"}), Frame("state", "BOOK", 1)
)


async def test_an_unknown_contact_has_no_conversation(store: StateStorePort) -> None:
    assert await store.conversations.load(ANA) is None


async def test_a_snapshot_comes_back_as_it_was_committed(store: StateStorePort) -> None:
    snapshot = state(
        state="BOOK",
        data={"service": "corte", "n": [1, 2.5, None, True]},
        turn=3,
        next_effect=2,
        waiting=WAITING,
        question=Buttons("¿Qué día?", (Option("day_1", "Lunes"),)),
    )
    await store.inbox.accept([message("m1")], NOW)
    await store.conversations.commit_step(step((await claim(store)).claim, snapshot=snapshot))
    assert await store.conversations.load(ANA) == snapshot
    assert await store.conversations.load(BRUNO) is None
    await store.inbox.accept([message("m2"), message("b1", BRUNO)], NOW)
    assert (await claim(store)).snapshot == snapshot
    assert (await claim(store, BRUNO)).snapshot is None


async def test_a_step_stores_snapshot_messages_tasks_and_progress_together(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1")], NOW)
    claimed = await claim(store)
    await store.conversations.commit_step(step(claimed.claim, says=("uno", "dos"), tasks=(task("r", 60),)))
    counts = await store.counts()
    assert (counts.inbox_open, counts.outbox_open, counts.tasks_scheduled) == (0, 2, 1)
    assert await store.tasks.next_due() == after(60)


async def test_a_step_that_waits_leaves_the_event_open_and_begun_with_its_attempts_reset(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1")], NOW)
    for run in ("run-1", "run-2"):
        claimed = await claim(store, run_id=run)
        await store.inbox.release_claims_of_dead_runs("next")
    claimed = await claim(store, run_id="run-3")
    await store.conversations.commit_step(step(claimed.claim, snapshot=state(waiting=WAITING), done=False))
    await store.inbox.release_claims_of_dead_runs("run-4")
    resumed = await claim(store, run_id="run-4")
    assert (resumed.started, resumed.attempts) == (True, 1)


@pytest.mark.parametrize("lost", ["done", "claimed by another run", "parked"])
async def test_a_step_for_an_event_that_is_no_longer_ours_stores_nothing(store: StateStorePort, lost: str) -> None:
    await store.inbox.accept([message("m1")], NOW)
    claimed = await claim(store)
    match lost:
        case "done":
            await store.conversations.commit_step(step(claimed.claim))
        case "parked":
            await store.inbox.fail(claimed.claim, "boom", max_attempts=1, at=NOW)
        case _:
            await store.inbox.release_claims_of_dead_runs("other")
            await claim(store, run_id="other")
    before = await store.conversations.load(ANA)
    late = step(
        claimed.claim,
        snapshot=state(state="LATE"),
        says=("tarde",),
        tasks=(task("r"),),
    )
    with pytest.raises(ClaimLostError):
        await store.conversations.commit_step(late)
    counts = await store.counts()
    assert await store.conversations.load(ANA) == before
    assert (counts.outbox_open, counts.tasks_scheduled) == (0, 0)


async def test_a_message_id_that_is_already_in_the_outbox_undoes_the_whole_step(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1"), message("m2")], NOW)
    await store.conversations.commit_step(step((await claim(store)).claim, says=("hola",)))
    second = await claim(store)
    with pytest.raises(StoreError):
        await store.conversations.commit_step(step(second.claim, says=("hola",), snapshot=state(state="WRONG")))
    assert await store.conversations.load(ANA) == state()
    assert (await store.counts()).inbox_open == 1


async def test_one_step_may_cancel_one_task_and_plan_another(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1"), message("m2")], NOW)
    await store.conversations.commit_step(step((await claim(store)).claim, tasks=(task("old", 5),)))
    await store.conversations.commit_step(
        step((await claim(store)).claim, cancelled_keys=("old", "unknown"), tasks=(task("new", 9),))
    )
    assert ((await store.counts()).tasks_scheduled, await store.tasks.next_due()) == (1, after(9))


async def test_values_are_kept_replaced_and_forgotten(store: StateStorePort) -> None:
    assert await store.values.get("bundle.floor") is None
    await store.values.set("bundle.floor", b"7")
    await store.values.set("bundle.floor", b"8\x00")
    assert await store.values.get("bundle.floor") == b"8\x00"
    await store.values.set("bundle.floor", None)
    await store.values.set("bundle.floor", None)
    assert await store.values.get("bundle.floor") is None


async def test_a_healthy_store_reports_no_failure(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1")], NOW)
    await claim(store, run_id=RUN)
    assert store.failure is None


async def test_outcomes_are_kept_in_order_with_the_step_that_reached_them(store: StateStorePort) -> None:
    await store.inbox.accept([message("m1"), message("m2"), message("b1", BRUNO)], NOW)
    booked, left = Outcome("o1", "outcome", "booked", {"n": [1, None]}), Outcome("o2", "hand_off", "asked", None)
    for outcomes in ((booked,), (left,)):
        await store.conversations.commit_step(step((await claim(store)).claim, outcomes=outcomes))
    assert list(await store.conversations.outcomes(ANA)) == [booked, left]
    assert list(await store.conversations.outcomes(BRUNO)) == []
