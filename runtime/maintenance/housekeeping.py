"""``Housekeeping``: what is done a few times a day: forgetting what was kept long enough, and reading every page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from flow_engine.bundle.retention import SHORTEST_INBOX_DAYS, Retention
from runtime.errors import StoreError
from runtime.ports.clock import Clock
from runtime.ports.retention_store import DataClass, RetentionStore

PERIOD_S: Final = 6 * 3600.0
"""Days are counted in days; four times a day keeps each round short."""

FIRST_AFTER_S: Final = 300.0
"""A start has better things to do, and a process in a crash loop never comes so far."""

AT_ONCE: Final = 500
"""Rows per transaction: some ten milliseconds of the writer, so webhooks get their turn in between."""

PAUSE_S: Final = 0.05

RECORDS_KEPT: Final = timedelta(days=90)
"""Ids of commands: a control plane that was restored from a copy may send what it sent before."""

log = logging.getLogger(__name__)


class Housekeeping:
    """``retention`` is asked anew each time: a release may change it. ``damage`` is what the last reading found.

    ``sweep_files`` deletes the files whose rows are gone.
    """

    def __init__(
        self,
        store: RetentionStore,
        clock: Clock,
        retention: Callable[[], Retention],
        sweep_files: Callable[[], Awaitable[int]] | None = None,
    ) -> None:
        self._store = store
        self._sweep_files = sweep_files
        self._clock = clock
        self._retention = retention
        self.damage: str | None = None

    async def run(self) -> None:
        """Work until cancelled."""
        await asyncio.sleep(FIRST_AFTER_S)
        while True:
            try:
                await self.once()
            except StoreError as fault:
                log.warning("housekeeping is put off: %s", fault)
            except Exception:
                log.exception("housekeeping failed")
            await asyncio.sleep(PERIOD_S)

    async def once(self) -> int:
        """One round; how many rows were forgotten. Raises ``StoreUnavailableError``, ``OSError``.

        The pages are read also where forgetting fails: a damaged one may be why.
        """
        try:
            forgotten = await self._forget_what_is_old()
        except Exception:
            await self._read_every_page()
            raise
        await self._read_every_page()
        return forgotten

    async def _read_every_page(self) -> None:
        self.damage = await self._store.check()
        if self.damage is not None:
            log.critical("%s; stop the tenant and restore a copy", self.damage)

    async def _forget_what_is_old(self) -> int:
        forgotten = 0
        for data_class in DataClass:
            before = self._forgotten_before(data_class)
            for rule in self._store.rules(data_class):
                forgotten += await self._forget(rule, before)
        if self._sweep_files is not None and (files := await self._sweep_files()):
            log.info("%d files that nothing speaks of any more are deleted", files)
        kept = timedelta(days=self._retention().copies_days)
        if copies := await self._store.forget_copies(self._clock.now(), kept=kept):
            log.info("%d files of copies were kept long enough and are removed", copies)
        if forgotten:
            log.info("%d rows were kept long enough and are forgotten", forgotten)
        return forgotten

    async def _forget(self, rule: str, before: datetime) -> int:
        forgotten = 0
        while True:
            some = await self._store.forget_some(rule, before=before, limit=AT_ONCE)
            forgotten += some
            if some < AT_ONCE:
                return forgotten
            await asyncio.sleep(PAUSE_S)

    def _forgotten_before(self, data_class: DataClass) -> datetime:
        retention = self._retention()
        kept = {
            DataClass.MESSAGES: timedelta(days=retention.messages_days),
            DataClass.MEDIA: timedelta(days=retention.media_days),
            DataClass.TURNS: timedelta(days=retention.turns_days),
            DataClass.INBOX: timedelta(days=max(retention.inbox_days, SHORTEST_INBOX_DAYS)),
            DataClass.DEAD_LETTERS: timedelta(days=retention.dead_letters_days),
            DataClass.RECORDS: RECORDS_KEPT,
        }
        return self._clock.now() - kept[data_class]
