"""``APSchedulerAdapter``: APScheduler's asyncio scheduler as the clock over the rows."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC

from runtime.errors import StoreUnavailableError
from runtime.passed_over import passed_over
from runtime.ports.scheduler import SchedulerPort
from runtime.ports.task_store import TaskStore
from runtime.scheduler.rows_job_store import EarliestDue, RowsJobStore
from runtime.scheduler.task_executor import TaskExecutor

with passed_over("apscheduler.executors.pool"):
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

RETRY_S = 5.0
"""Pause after the store refused: long enough for a full disk not to be hammered, short against the grace."""

REVIEW_S = 60.0
"""The longest trust in a timer. A stepped wall clock is noticed within this, well inside the grace."""

log = logging.getLogger(__name__)


class APSchedulerAdapter(SchedulerPort):
    """Arms APScheduler for the earliest due row and fires what is due."""

    def __init__(self, tasks: TaskStore, task_executor: TaskExecutor, *, retry_s: float = RETRY_S) -> None:
        self._tasks = tasks
        self._task_executor = task_executor
        self._retry_s = retry_s
        self._rows = RowsJobStore()
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._scheduler.add_jobstore(self._rows, "default")
        self._firing = asyncio.Lock()
        self._reading: asyncio.Task[None] | None = None
        self._again: asyncio.TimerHandle | None = None
        self._stopped = True
        self._held = False

    async def start(self) -> None:
        self._stopped = False
        self._scheduler.add_job(
            self._fire, EarliestDue(), id="due-work", misfire_grace_time=None, coalesce=True, max_instances=1
        )
        self._scheduler.start()
        await self._arm()

    def rows_changed(self) -> None:
        if not self._stopped and self._reading is None:
            self._reading = asyncio.get_running_loop().create_task(self._read_again())

    def hold(self) -> None:
        self._held = True
        self._rows.due_at = None

    async def release(self) -> None:
        self._held = False
        self.rows_changed()

    async def stop(self) -> None:
        if self._stopped:
            return
        self._stopped = True
        self._rows.due_at = None
        if self._again is not None:
            self._again.cancel()
        async with self._firing:  # a batch under way is committed and its contacts are woken
            self._scheduler.shutdown(wait=False)
        if self._reading is not None:
            await self._reading
        await asyncio.sleep(0)  # the shutdown itself is a callback on this loop

    async def _read_again(self) -> None:
        self._reading = None  # a change from here on starts another reading
        await self._arm()

    async def _arm(self) -> None:
        """Point APScheduler at the earliest due row. While firing, nothing is armed: ``_fire`` does it after."""
        if self._stopped or self._held or self._firing.locked():
            return
        try:
            self._rows.due_at = await self._tasks.next_due()
        except StoreUnavailableError as fault:
            log.warning("scheduled work cannot be read, trying again: %s", fault)
            self._look_again_in(self._retry_s)
            return
        if self._rows.due_at is not None:
            self._look_again_in(REVIEW_S)
            self._scheduler.wakeup()

    async def _fire(self) -> None:
        async with self._firing:
            try:
                await self._task_executor.fire()
            except StoreUnavailableError as fault:
                log.warning("due work cannot be fired, trying again: %s", fault)
                self._look_again_in(self._retry_s)
                return
        await self._arm()

    def _look_again_in(self, seconds: float) -> None:
        if self._again is not None:
            self._again.cancel()
        if not self._stopped:
            self._again = asyncio.get_running_loop().call_later(seconds, self.rows_changed)
