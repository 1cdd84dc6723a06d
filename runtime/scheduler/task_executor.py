"""``TaskExecutor``: moves tasks from their rows into the inbox, the due ones in batches, one by its id.

The clock and ``POST /run-task`` both come here. From the inbox on a task is an event like any message.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import batched

from runtime.ports.clock import Clock
from runtime.ports.inbox_store import ContactKey
from runtime.ports.task_store import Fired, RunNow, TaskStore
from runtime.scheduler.recurrence import next_due

MISFIRE_GRACE = timedelta(minutes=5)
"""How late a task may still run (the platform's default); later it is recorded as missed."""

BATCH = 256
"""Tasks per transaction: some ten milliseconds of the writer, so webhooks get their turn in between."""

WAKES_AT_ONCE = 500
"""Contacts woken per round of the event loop: about a millisecond."""

log = logging.getLogger(__name__)


class TaskExecutor:
    """``wake`` is told which contacts have something new in the inbox, after the commit."""

    def __init__(
        self,
        tasks: TaskStore,
        clock: Clock,
        wake: Callable[[Iterable[ContactKey]], None],
        *,
        grace: timedelta = MISFIRE_GRACE,
    ) -> None:
        self._tasks = tasks
        self._clock = clock
        self._wake = wake
        self._grace = grace

    async def fire(self) -> Fired:
        """Everything due now; returns when nothing is left.

        Raises:
            StoreUnavailableError: batches so far are stored; the rest is still due.
        """
        fired = missed = 0
        contacts: set[ContactKey] = set()
        try:
            while True:
                batch = await self._tasks.fire_due(
                    now=self._clock.now(), grace=self._grace, next_due=next_due, limit=BATCH
                )
                fired, missed = fired + batch.fired, missed + batch.missed
                contacts |= batch.contacts
                if batch.fired + batch.missed < BATCH:
                    return Fired(fired, missed, frozenset(contacts))
        finally:
            # Waking at the end keeps the turns from competing with the rest of the batches for the writer.
            await self._wake_all(contacts)
            if missed:
                log.warning("%d scheduled tasks were more than %s late and did not run", missed, self._grace)

    async def run(self, task_id: str, *, run_at: datetime | None = None, command_id: str | None = None) -> RunNow:
        """Run one task before its time. ``run_at`` tells two such runs of a recurring task apart (default: now).

        Raises:
            StoreUnavailableError: nothing happened.
        """
        now = self._clock.now()
        asked = await self._tasks.run_now(task_id, run_at=run_at or now, at=now, command_id=command_id)
        if asked.contact is not None:
            self._wake((asked.contact,))
        return asked.came_to

    async def cancel(self, task_id: str, *, command_id: str | None = None) -> RunNow:
        """Take one task out; ``ACCEPTED`` when it was scheduled. Raises ``StoreUnavailableError``."""
        asked = await self._tasks.cancel(task_id, at=self._clock.now(), command_id=command_id)
        return asked.came_to

    async def _wake_all(self, contacts: Iterable[ContactKey]) -> None:
        for some in batched(contacts, WAKES_AT_ONCE):
            self._wake(some)
            await asyncio.sleep(0)
