"""The real clock over the rows: short waits, no fake time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from connectors.clock import SystemClock
from runtime.errors import StoreUnavailableError
from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox_store import ContactKey
from runtime.ports.task_store import TaskStore
from runtime.scheduler.apscheduler import APSchedulerAdapter
from runtime.scheduler.task_executor import TaskExecutor
from runtime.store.in_memory.tables import Tables
from runtime.store.in_memory.task_rows import plan
from runtime.store.in_memory.tasks import InMemoryTaskStore
from tests.runtime.store.samples import ANA


class Watch:
    """An adapter over a task table, and who was woken."""

    def __init__(self, tasks: TaskStore | None = None, tables: Tables | None = None) -> None:
        self.tables = tables or Tables()
        self.tasks = tasks or InMemoryTaskStore(self.tables)
        self.woken: list[ContactKey] = []
        self.adapter = APSchedulerAdapter(self.tasks, TaskExecutor(self.tasks, SystemClock(), self.wake), retry_s=0.02)

    def wake(self, contacts: Iterable[ContactKey]) -> None:
        self.woken += contacts

    def plan(self, key: str, in_s: float, interval_seconds: int | None = None) -> None:
        due_at = SystemClock().now() + timedelta(seconds=in_s)
        plan(self.tables, ANA, "http_dev", [PlannedTask("t", key, due_at, interval_seconds=interval_seconds)])
        self.adapter.rows_changed()

    async def until_woken(self, times: int) -> None:
        for _ in range(1000):
            if len(self.woken) >= times:
                return
            await asyncio.sleep(0.005)
        raise AssertionError(f"woken {len(self.woken)} times, not {times}")


async def test_a_task_planned_while_it_watches_is_fired_when_due() -> None:
    watch = Watch()
    await watch.adapter.start()
    watch.plan("r", 0.05)
    assert watch.woken == []
    await watch.until_woken(1)
    assert len(watch.tables.inbox) == 1
    await watch.adapter.stop()


async def test_an_earlier_task_planned_later_is_not_held_up_by_the_first() -> None:
    watch = Watch()
    await watch.adapter.start()
    watch.plan("far", 3600)
    await asyncio.sleep(0.01)
    watch.plan("near", 0.02)
    await watch.until_woken(1)
    assert [row.state for row in watch.tables.tasks.values()] == ["scheduled", "fired"]
    await watch.adapter.stop()


async def test_what_fell_due_before_the_start_is_fired_at_once() -> None:
    watch = Watch()
    watch.plan("r", -10)
    await watch.adapter.start()
    await watch.until_woken(1)
    await watch.adapter.stop()


async def test_ten_thousand_tasks_due_at_one_moment_are_all_fired_once() -> None:
    watch = Watch()
    for number in range(10_000):
        watch.plan(f"r{number}", 0)
    await watch.adapter.start()
    for _ in range(2000):
        if len(watch.tables.inbox) == 10_000:
            break
        await asyncio.sleep(0.005)
    assert len(watch.tables.inbox) == 10_000
    assert await watch.tasks.next_due() is None
    await watch.adapter.stop()


async def test_after_stopping_nothing_fires_and_stopping_again_is_harmless() -> None:
    watch = Watch()
    await watch.adapter.start()
    watch.plan("r", 0.03)
    await watch.adapter.stop()
    await watch.adapter.stop()
    watch.plan("s", 0)
    await asyncio.sleep(0.06)
    assert watch.woken == []
    assert [row.state for row in watch.tables.tasks.values()] == ["scheduled", "scheduled"]


class BrokenOnce(InMemoryTaskStore):
    """A task table whose file is locked the first time it is asked to fire."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables)
        self.refusals = 1

    async def fire_due(self, **how: object) -> object:  # type: ignore[override]  # hands everything on
        if self.refusals:
            self.refusals -= 1
            raise StoreUnavailableError("database is locked")
        return await super().fire_due(**how)  # type: ignore[arg-type]  # as it came


async def test_a_store_that_refuses_is_asked_again_and_the_clock_does_not_stand_still() -> None:
    tables = Tables()
    watch = Watch(BrokenOnce(tables), tables)
    await watch.adapter.start()
    watch.plan("r", 0)
    await watch.until_woken(1)
    await watch.adapter.stop()
