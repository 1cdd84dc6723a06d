"""What the business did to appointments, told in one transaction."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from runtime.ports.appointment_news import AppointmentNews, AppointmentNewsStore
from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox_store import ContactKey, DueTask
from runtime.store.appointment_reminders import followed, is_for
from runtime.store.event_codec import encode_event, encode_json
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.appointments import forget_change
from runtime.store.sqlite.audiences import LATEST
from runtime.store.sqlite.inbox import INSERT as INSERT_INBOX
from runtime.store.sqlite.writer import Writer
from runtime.store.task_identity import event_id

_SCHEDULED = """
    SELECT seq, task, idempotency_key, due_at, data FROM scheduled_task
    WHERE state = 'scheduled' AND contact_id = ? AND channel_id IN
        (SELECT channel_id FROM conversation WHERE contact_id = ?)
"""

_CANCELLED = "UPDATE scheduled_task SET state = 'cancelled', updated_at = ? WHERE seq = ?"
_MOVED = "UPDATE scheduled_task SET due_at = ?, data = ?, updated_at = ? WHERE seq = ?"


class SQLiteAppointmentNewsStore(AppointmentNewsStore):
    """See ``AppointmentNewsStore``."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def tell(self, news: AppointmentNews, *, at: datetime) -> ContactKey | None:
        def work(connection: sqlite3.Connection) -> ContactKey | None:
            if not forget_change(connection, news.change_id):
                return None
            _follow(connection, news, at)
            line = connection.execute(LATEST, (news.contact_id,)).fetchone()
            if line is None or news.task is None:
                return None
            contact = ContactKey(line[0], news.contact_id)
            return contact if _enter(connection, contact, line[1], news.task, at) else None

        return await self._writer.write(work)


def _enter(connection: sqlite3.Connection, contact: ContactKey, profile: str, task: DueTask, at: datetime) -> bool:
    kind, text = encode_event(task)
    row = (contact.channel_id, kind, event_id(contact, task), profile, contact.contact_id, text, to_micros(at), 0, 0)
    return connection.execute(INSERT_INBOX, row).rowcount == 1


def _follow(connection: sqlite3.Connection, news: AppointmentNews, at: datetime) -> None:
    rows = connection.execute(_SCHEDULED, (news.contact_id, news.contact_id)).fetchall()
    for seq, name, key, due_at, data in rows:
        if not is_for(key, news.event_id):
            continue
        task = followed(PlannedTask(name, key, from_micros(due_at), data=json.loads(data)), news, at)
        if task is None:
            connection.execute(_CANCELLED, (to_micros(at), seq))
        else:
            values = (to_micros(task.due_at), encode_json(dict(task.data)), to_micros(at), seq)
            connection.execute(_MOVED, values)
