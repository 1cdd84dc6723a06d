"""The present state of things, read for reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from runtime.ports.inbox_store import ContactKey
from runtime.ports.report_readings import DeadLetter, OpenConversations, ReportReadings, TaskReading
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.reader import Reader

_OPEN = """
    SELECT state, bundle_serial, count(*) FROM conversation
    WHERE updated_at >= ? AND state IS NOT NULL GROUP BY state, bundle_serial ORDER BY state, bundle_serial
"""

# Timers stand among the tasks and may be many; the inner bound keeps a report from walking through all of them.
_UPCOMING = """
    SELECT seq, task, channel_id, contact_id, due_at, 'scheduled' FROM
        (SELECT * FROM scheduled_task WHERE state = 'scheduled' ORDER BY due_at, seq LIMIT ?1 * 10)
    WHERE task NOT GLOB '@*' LIMIT ?1
"""
_MISSED = """
    SELECT seq, task, channel_id, contact_id, due_at, 'missed' FROM scheduled_task
    WHERE missed_count > 0 AND state = 'missed' ORDER BY seq DESC LIMIT ?
"""

_DEAD = """
    SELECT * FROM (
        SELECT 'inbound:' || seq, 'inbound', coalesce(error, ''), coalesce(finished_at, received_at) AS at,
               channel_id, contact_id FROM inbox WHERE state = 'dead'
        UNION ALL
        SELECT 'outbound:' || id, 'outbound', coalesce(error, ''), updated_at, channel_id, contact_id
        FROM outbox WHERE state = 'dead'
        UNION ALL
        SELECT 'notice:' || id, 'notice', coalesce(error, ''), updated_at, channel_id, contact_id
        FROM staff_notice WHERE state = 'dead'
    ) ORDER BY at DESC LIMIT ?
"""


class SQLiteReportReadings(ReportReadings):
    """See ``ReportReadings``."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def open_conversations(self, *, since: datetime) -> Sequence[OpenConversations]:
        return [OpenConversations(*row) for row in self._reader.rows(_OPEN, to_micros(since))]

    async def scheduled_tasks(self, *, upcoming: int, missed: int) -> Sequence[TaskReading]:
        rows = [*self._reader.rows(_UPCOMING, upcoming), *self._reader.rows(_MISSED, missed)]
        return [
            TaskReading(str(seq), task, ContactKey(channel, contact), from_micros(due_at), state)
            for seq, task, channel, contact, due_at, state in rows
        ]

    async def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        return [
            DeadLetter(letter_id, kind, error, from_micros(at), ContactKey(channel, contact))
            for letter_id, kind, error, at, channel, contact in self._reader.rows(_DEAD, limit)
        ]

    async def last_inbound_at(self) -> datetime | None:
        found = self._reader.row("SELECT received_at FROM inbox WHERE kind = 'message' ORDER BY seq DESC LIMIT 1")
        return None if found is None else from_micros(found[0])
