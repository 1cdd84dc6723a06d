"""What is forgotten when, table by table. Each rule names rows by their key, oldest first, so that it stays cheap."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from runtime.errors import StoreDamagedError
from runtime.ports.retention_store import DataClass, RetentionStore
from runtime.store.instants import to_micros
from runtime.store.sqlite.connection import open_reader
from runtime.store.sqlite.old_copies import forget_old_copies
from runtime.store.sqlite.page_check import check_pages
from runtime.store.sqlite.writer import Writer

# An id must be known for as long as a provider may deliver again; the words need not.
_INBOX_WORDS = """
    UPDATE inbox SET event = '{}' WHERE seq IN (SELECT seq FROM inbox
        WHERE state = 'done' AND received_at < :before AND event <> '{}' ORDER BY seq LIMIT :limit)
"""
_INBOX_IDS = """
    DELETE FROM inbox WHERE seq IN (SELECT seq FROM inbox
        WHERE state = 'done' AND received_at < :before AND event = '{}' ORDER BY seq LIMIT :limit)
"""
# Its words go like those of one that is dropped; its id stays as long as every other message's.
_DEAD_WORDS = """
    UPDATE inbox SET state = 'done', event = '{}', error = NULL WHERE seq IN (SELECT seq FROM inbox
        WHERE state = 'dead' AND coalesce(finished_at, received_at) < :before ORDER BY seq LIMIT :limit)
"""
# A conversation at rest goes when nothing is planned for its contact any more.
_CONVERSATIONS = """
    DELETE FROM conversation WHERE (channel_id, contact_id) IN (SELECT channel_id, contact_id FROM conversation c
        WHERE updated_at < :before AND NOT EXISTS (SELECT 1 FROM scheduled_task t
            WHERE t.channel_id = c.channel_id AND t.contact_id = c.contact_id AND t.state = 'scheduled')
        ORDER BY updated_at LIMIT :limit)
"""
_PSEUDONYMS = """
    DELETE FROM pseudonym WHERE (name, channel_id) IN (SELECT name, channel_id FROM pseudonym p
        WHERE :before > 0 AND NOT EXISTS (SELECT 1 FROM conversation c
            WHERE c.channel_id = p.channel_id AND c.contact_id = p.contact_id) LIMIT :limit)
"""
_STATUSES = """
    DELETE FROM delivery_status WHERE (channel_id, provider_message_id, state) IN
        (SELECT channel_id, provider_message_id, state FROM delivery_status WHERE received_at < :before LIMIT :limit)
"""


def _by_seq(table: str, condition: str) -> str:
    return f"DELETE FROM {table} WHERE seq IN (SELECT seq FROM {table} WHERE {condition} ORDER BY seq LIMIT :limit)"  # noqa: S608 - constants below


_RULES: Final[Mapping[DataClass, Mapping[str, str]]] = {
    DataClass.MESSAGES: {
        "inbox_words": _INBOX_WORDS,
        "outbox": _by_seq("outbox", "state = 'sent' AND updated_at < :before"),
        "delivery_status": _STATUSES,
        "outcome": _by_seq("outcome", "at < :before"),
        "unreached": _by_seq("unreached", "at < :before"),
        "staff_notice": _by_seq("staff_notice", "state = 'told' AND updated_at < :before"),
        "scheduled_task": _by_seq("scheduled_task", "state <> 'scheduled' AND updated_at < :before"),
        "conversation": _CONVERSATIONS,
        "pseudonym": _PSEUDONYMS,
        "contact_traffic": "DELETE FROM contact_traffic WHERE counted_at < :before AND :limit",
        "window_refused": "DELETE FROM window_refused WHERE at < :before AND :limit",
        "contact_alias": "DELETE FROM contact_alias WHERE until < :before AND :limit",
        "appointment": "DELETE FROM appointment WHERE blocks_until < :before AND NOT loose AND :limit",
    },
    DataClass.MEDIA: {
        "media_file": _by_seq("media_file", "received_at < :before"),
    },
    DataClass.TURNS: {
        "step": _by_seq("step", "at < :before"),
        "telemetry_entry": _by_seq("telemetry_entry", "at < :before AND report = ''"),
    },
    DataClass.INBOX: {
        "inbox_ids": _INBOX_IDS,
        "raw_inbound": _by_seq("raw_inbound", "received_at < :before"),
        "erased_message": "DELETE FROM erased_message WHERE at < :before AND :limit",
    },
    DataClass.DEAD_LETTERS: {
        "dead_inbox_words": _DEAD_WORDS,
        "dead_outbox": _by_seq("outbox", "state = 'dead' AND updated_at < :before"),
        "dead_notice": _by_seq("staff_notice", "state = 'dead' AND updated_at < :before"),
    },
    DataClass.RECORDS: {
        "command": "DELETE FROM command WHERE finished_at < :before AND :limit",
    },
}

STAYS: Final[Mapping[str, str]] = {
    "appointment_change": "goes when it has been told",
    "consent": "proof of a wish must outlive the words it was said in",
    "llm_contact_day": "earlier days go when the next question is counted",
    "llm_mark": "marks by month, three rows at most",
    "llm_reservation": "goes when the question is answered",
    "llm_usage": "tokens by month, twelve rows a year",
    "runtime_state": "what the runtime knows of itself",
    "upload": "goes when the channel's copy is no longer good",
    "telemetry_count": "goes when it has been told, bounded otherwise",
}
"""Tables without a rule, and why."""


class SQLiteRetentionStore(RetentionStore):
    """See ``RetentionStore``."""

    def __init__(self, path: Path, writer: Writer) -> None:
        self._path = path
        self._writer = writer

    def rules(self, data_class: DataClass) -> Sequence[str]:
        return list(_RULES[data_class])

    async def forget_some(self, rule: str, *, before: datetime, limit: int) -> int:
        (statement,) = [rules[rule] for rules in _RULES.values() if rule in rules]
        parameters = {"before": to_micros(before), "limit": limit}
        return await self._writer.write(lambda connection: connection.execute(statement, parameters).rowcount)

    async def forget_copies(self, now: datetime, *, kept: timedelta) -> int:
        return await asyncio.to_thread(forget_old_copies, self._path, now, kept=kept)

    async def check(self) -> str | None:
        return await asyncio.to_thread(_fault_of, self._path)


def _fault_of(path: Path) -> str | None:
    try:
        with contextlib.closing(open_reader(path)) as connection:
            check_pages(connection)
    except (sqlite3.Error, StoreDamagedError) as fault:
        return str(fault)
    return None
