"""``DueWork``: moves due tasks from their rows into the inbox, batch by batch. Every scheduler uses it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from runtime.ports.clock import Clock
from runtime.ports.inbox_store import ContactKey
from runtime.ports.task_store import Fired, TaskStore
from runtime.scheduler.recurrence import next_due

MISFIRE_GRACE = timedelta(minutes=5)
"""How late a task may still run (the platform's default); later it is recorded as missed."""

BATCH = 128
"""Tasks per transaction: ten thousand due at once stay out of the way of webhooks (a few ms each)."""

log = logging.getLogger(__name__)


class DueWork:
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
        contacts: frozenset[ContactKey] = frozenset()
        while True:
            batch = await self._tasks.fire_due(now=self._clock.now(), grace=self._grace, next_due=next_due, limit=BATCH)
            self._wake(batch.contacts)
            fired, missed, contacts = fired + batch.fired, missed + batch.missed, contacts | batch.contacts
            if batch.missed:
                log.warning("%d scheduled tasks were more than %s late and did not run", batch.missed, self._grace)
            if batch.fired + batch.missed < BATCH:
                return Fired(fired, missed, contacts)
