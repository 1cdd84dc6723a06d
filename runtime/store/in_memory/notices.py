"""Notices to the staff, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from runtime.ports.inbox_store import ContactKey
from runtime.ports.notice_store import NoticeRecord, NoticeStore, TakenNotice
from runtime.ports.outbox_store import NotBefore
from runtime.store.in_memory.tables import Tables


class InMemoryNoticeStore(NoticeStore):
    """See ``NoticeStore``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def take(self, *, at: datetime, again_at: datetime) -> TakenNotice | NotBefore | None:
        pending = [row for row in self._tables.notices.values() if row.state == "pending"]
        row = min(pending, key=lambda row: (row.not_before, row.seq), default=None)
        if row is None:
            return None
        if row.not_before > at:
            return NotBefore(row.not_before)
        row.attempts, row.not_before = row.attempts + 1, again_at
        return TakenNotice(row.notice, row.attempts)

    async def told(self, notice_id: str, *, at: datetime) -> None:
        self._settle(notice_id, "told", None, at)

    async def put_off(self, notice_id: str, error: str, *, until: datetime, at: datetime) -> None:
        self._settle(notice_id, "pending", error, until)

    async def give_up(self, notice_id: str, error: str, *, at: datetime) -> None:
        self._settle(notice_id, "dead", error, at)

    async def records(self, contact: ContactKey) -> Sequence[NoticeRecord]:
        return [
            NoticeRecord(row.notice.id, row.state, row.attempts, row.error)
            for row in self._tables.notices.values()
            if row.notice.contact == contact
        ]

    def _settle(
        self, notice_id: str, state: Literal["pending", "told", "dead"], error: str | None, not_before: datetime
    ) -> None:
        row = self._tables.notices.get(notice_id)
        if row is not None and row.state == "pending":
            row.state, row.error, row.not_before = state, error, not_before
