from __future__ import annotations

from datetime import timedelta

from runtime.ports.conversation_store import TIMER_TASK, PlannedTask
from runtime.ports.inbox_store import ContactKey, DueTask
from runtime.ports.state_store import StateStorePort
from runtime.ports.task_store import Fired
from runtime.scheduler.recurrence import next_due
from tests.runtime.store.samples import ANA, BRUNO, NOW, after, claim, message, step, task

GRACE = timedelta(minutes=5)
STANDING = ContactKey("standing", "standing")


async def plan(store: StateStorePort, *tasks: object, contact: ContactKey = ANA) -> None:
    await store.inbox.accept([message(f"plan-{contact.contact_id}-{tasks}", contact)], NOW)
    await store.conversations.commit_step(step((await claim(store, contact)).claim, contact, tasks=tasks))


async def fire(store: StateStorePort, at_s: float = 0, limit: int = 100) -> Fired:
    return await store.tasks.fire_due(now=after(at_s), grace=GRACE, next_due=next_due, limit=limit)


async def test_a_due_task_becomes_an_event_with_its_data_and_fires_once(store: StateStorePort) -> None:
    await plan(store, task("r", 60))
    assert await fire(store, 59) == Fired(0, 0, frozenset())
    assert await fire(store, 60) == Fired(1, 0, frozenset({ANA}))
    assert await fire(store, 61) == Fired(0, 0, frozenset())
    claimed = await claim(store)
    assert claimed.event == DueTask("reminder", "r", after(60), {"time": "10:00"})
    assert claimed.profile == "http_dev"
    assert await store.tasks.next_due() is None


async def test_the_same_key_again_replaces_the_plan_and_keys_are_per_contact(store: StateStorePort) -> None:
    await plan(store, task("r", 60))
    await plan(store, task("r", 120))
    await plan(store, task("r", 180), contact=BRUNO)
    assert (await store.counts()).tasks_scheduled == 2
    assert await fire(store, 60) == Fired(0, 0, frozenset())
    assert await fire(store, 200) == Fired(2, 0, frozenset({ANA, BRUNO}))


async def test_a_cancelled_task_does_not_fire(store: StateStorePort) -> None:
    await plan(store, task("r", 60))
    await store.inbox.accept([message("m2")], NOW)
    await store.conversations.commit_step(step((await claim(store)).claim, cancelled_keys=("r",)))
    assert await fire(store, 61) == Fired(0, 0, frozenset())
    assert await store.tasks.next_due() is None


async def test_the_same_key_and_due_time_enters_the_inbox_once(store: StateStorePort) -> None:
    await plan(store, task("r", 60))
    await fire(store, 60)
    replan = step((await claim(store)).claim, tasks=(task("r", 60),))
    await store.conversations.commit_step(replan)
    assert (await fire(store, 61)).fired == 1
    assert ((await store.counts()).inbox_open, await store.tasks.next_due()) == (0, None)


async def test_a_task_later_than_the_grace_is_recorded_as_missed_and_does_not_run(store: StateStorePort) -> None:
    await plan(store, task("on-the-edge", 0), task("too-late", -0.001))
    assert await fire(store, 300) == Fired(1, 1, frozenset({ANA}))
    assert ((await store.counts()).tasks_missed, (await store.counts()).inbox_open) == (1, 1)
    assert await fire(store, 301) == Fired(0, 0, frozenset())


async def test_a_recurring_task_is_due_again_and_turns_missed_in_between_are_skipped(store: StateStorePort) -> None:
    await plan(store, task("r", 0, interval_seconds=60))
    assert await fire(store, 0) == Fired(1, 0, frozenset({ANA}))
    assert await store.tasks.next_due() == after(60)
    assert await fire(store, 60 + 301) == Fired(0, 1, frozenset())
    assert await store.tasks.next_due() == after(420)
    assert (await store.counts()).tasks_scheduled == 1


async def test_task_executor_is_fired_oldest_first_in_batches(store: StateStorePort) -> None:
    await plan(store, task("c", 3), task("a", 1), task("b", 2))
    assert (await fire(store, 10, limit=2)).fired == 2
    assert await store.tasks.next_due() == after(3)
    assert (await fire(store, 10, limit=2)).fired == 1


async def test_standing_schedules_are_replaced_and_unchanged_ones_keep_their_due_time(store: StateStorePort) -> None:
    kept, dropped = task("kept", 60, interval_seconds=60), task("dropped", 30, interval_seconds=30)
    await store.tasks.replace_standing(STANDING, "standing", [kept, dropped], at=NOW)
    assert await store.tasks.next_due() == after(30)
    again = [task("kept", 500, interval_seconds=60), task("new", 400, interval_seconds=7)]
    await store.tasks.replace_standing(STANDING, "standing", again, at=NOW)
    assert ((await store.counts()).tasks_scheduled, await store.tasks.next_due()) == (2, after(60))
    changed = [task("kept", 90, interval_seconds=61)]
    await store.tasks.replace_standing(STANDING, "standing", changed, at=NOW)
    assert ((await store.counts()).tasks_scheduled, await store.tasks.next_due()) == (1, after(90))
    await store.tasks.replace_standing(STANDING, "standing", [], at=NOW)
    assert await store.tasks.next_due() is None


async def test_standing_schedules_leave_tasks_of_customers_alone(store: StateStorePort) -> None:
    await plan(store, task("r", 60))
    await store.tasks.replace_standing(STANDING, "standing", [], at=NOW)
    assert await store.tasks.next_due() == after(60)


async def test_a_timer_fires_however_late_it_is(store: StateStorePort) -> None:
    timer = PlannedTask(TIMER_TASK, "@timer:resume", NOW, data={"timer": "resume", "token": "t"})
    await plan(store, timer)
    assert await fire(store, 86_400) == Fired(1, 0, frozenset({ANA}))
