"""From "schedule" in a flow to the reminder that leaves."""

from __future__ import annotations

from flow_engine.vocabulary import JSONObject
from runtime.ports.state_store import StateStorePort
from runtime.store.in_memory import InMemoryStateStore
from tests.flow_engine.normalised import program, state, text
from tests.runtime.desk import BOOKED, FLOW, NOW, config, invoke, open_desk

HALF_AN_HOUR_S = 1800


def standing(task: str, *actions: JSONObject, **when: object) -> JSONObject:
    schedule: JSONObject = {"id": f"{task}-schedule", "task": task, "cron": None, "interval_seconds": None} | when  # type: ignore[assignment]  # a table's keywords
    return program({"MENU": state(text("Menú"))}, tasks={task: list(actions)}, standing_schedules=[schedule])


async def scheduled(store: StateStorePort) -> tuple[int, int]:
    counts = await store.counts()
    return counts.tasks_scheduled, counts.tasks_missed


async def test_a_task_is_run_at_its_time_with_the_data_of_its_planning_and_the_state_stays() -> None:
    store = InMemoryStateStore()
    async with open_desk(store) as desk:
        await desk.receive("m1", "say_corte")
        await desk.receive("m2", "later")
        await desk.receive("m3", "say_otra_cosa")
        await desk.quiet()
        desk.clock.advance(HALF_AN_HOUR_S - 1)
        await desk.core.task_executor.fire()
        await desk.quiet()
        assert desk.channel.texts()[-1] == "said otra_cosa"
        desk.clock.advance(1)
        assert (await desk.core.task_executor.fire()).fired == 1
        await desk.quiet()
        assert desk.channel.texts()[-1] == "reminder for corte"
        await desk.core.task_executor.fire()
        await desk.quiet()
        assert desk.channel.texts().count("reminder for corte") == 1


async def test_planning_the_same_key_twice_reminds_once() -> None:
    store = InMemoryStateStore()
    async with open_desk(store) as desk:
        for number in range(3):
            await desk.receive(f"m{number}", "later")
        await desk.quiet()
        assert await scheduled(store) == (1, 0)
        desk.clock.advance(HALF_AN_HOUR_S)
        await desk.core.task_executor.fire()
        await desk.quiet()
        assert len([said for said in desk.channel.texts() if said.startswith("reminder")]) == 1


async def test_a_cancelled_task_says_nothing() -> None:
    store = InMemoryStateStore()
    async with open_desk(store) as desk:
        await desk.receive("m1", "later")
        await desk.receive("m2", "forget")
        await desk.quiet()
        desk.clock.advance(HALF_AN_HOUR_S)
        assert (await desk.core.task_executor.fire()).fired == 0
        assert desk.channel.texts() == ["noted", "forgotten"]


async def test_a_task_the_runtime_slept_through_is_recorded_as_missed_and_not_sent() -> None:
    store = InMemoryStateStore()
    async with open_desk(store) as desk:
        await desk.receive("m1", "later")
        await desk.quiet()
        desk.clock.advance(HALF_AN_HOUR_S + 301)
        fired = await desk.core.task_executor.fire()
        await desk.quiet()
        assert (fired.fired, fired.missed, await scheduled(store)) == (0, 1, (0, 1))
        assert desk.channel.texts() == ["noted"]


async def test_a_recurring_task_runs_every_time() -> None:
    store = InMemoryStateStore()
    async with open_desk(store) as desk:
        await desk.receive("m1", "often")
        for _ in range(3):
            await desk.quiet()
            desk.clock.advance(60)
            await desk.core.task_executor.fire()
        await desk.quiet()
        assert len(desk.channel.texts()) == 4


async def test_more_due_tasks_than_fit_one_transaction_all_run() -> None:
    store = InMemoryStateStore()
    async with open_desk(store) as desk:
        for number in range(300):
            await desk.receive(f"m{number}", "later", f"c{number}")
        await desk.quiet()
        desk.clock.advance(HALF_AN_HOUR_S)
        assert (await desk.core.task_executor.fire()).fired == 300
        await desk.quiet()
        assert len([said for said in desk.channel.texts() if said.startswith("reminder")]) == 300


async def test_a_standing_schedule_calls_its_connector_without_a_customer_and_follows_new_releases() -> None:
    store = InMemoryStateStore()
    nightly = standing("nightly", invoke("book", "booking"), cron="0 3 * * *")
    async with open_desk(store, config({"calendar": BOOKED}, flow=nightly)) as desk:
        assert await scheduled(store) == (1, 0)
        # 03:00 in Madrid is 02:00 UTC in winter.
        desk.clock.advance((NOW.replace(day=3, hour=2, minute=0) - desk.clock.now()).total_seconds())
        assert (await desk.core.task_executor.fire()).fired == 1
        await desk.quiet()
        assert [call.operation for call in desk.calendar.calls] == ["book"]
        await desk.core.swap_program(config({"calendar": BOOKED}, flow=FLOW, serial=2))
        assert await scheduled(store) == (0, 0)


async def test_what_a_standing_schedule_says_to_nobody_is_a_dead_letter() -> None:
    store = InMemoryStateStore()
    async with open_desk(store, config({}, flow=standing("talk", text("anyone?"), interval_seconds=60))) as desk:
        desk.clock.advance(60)
        await desk.core.task_executor.fire()
        await desk.quiet()
        assert (desk.channel.texts(), (await store.counts()).outbox_dead) == ([], 1)
