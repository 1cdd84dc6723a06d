"""What waits for a report: counts and entries by themselves, turns as rows of ``step``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from runtime.ports.inbox_store import ContactKey
from runtime.ports.telemetry_store import (
    MOST_COUNTS,
    Bounds,
    Count,
    Entry,
    EntryKind,
    Fold,
    ReportEntries,
    StepRow,
    TelemetryStore,
    Turn,
)
from runtime.store.event_codec import MESSAGE, decode_event, encode_json
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.reader import Reader, Row
from runtime.store.sqlite.steps import COLUMNS, read_step
from runtime.store.sqlite.telemetry_bounds import WAITING, drop_excess, excess, remember_dropped, tell_dropped
from runtime.store.sqlite.writer import Writer
from runtime.telemetry.bubble import bubble

_FOLDED: Final = "telemetry.folded"
_PENDING: Final = "telemetry.report"

COUNT = """
    INSERT INTO telemetry_count (name, labels, hour, report, count) VALUES (?, ?, ?, '', ?)
    ON CONFLICT (name, labels, hour, report) DO UPDATE SET count = count + excluded.count
"""
_ENTRY = "INSERT INTO telemetry_entry (kind, channel_id, contact_id, body, at) VALUES (?, ?, ?, ?, ?)"
_KEEP_VALUE = """
    INSERT INTO runtime_state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_VALUE = "SELECT CAST(value AS TEXT) FROM runtime_state WHERE key = ?"

_BIND_COUNTS = """
    UPDATE telemetry_count SET report = :report WHERE (name, labels, hour, report) IN
        (SELECT name, labels, hour, report FROM telemetry_count WHERE report = '' ORDER BY hour LIMIT :most_counts)
"""
_BIND_ENTRIES = """
    UPDATE telemetry_entry SET report = :report WHERE seq IN
        (SELECT seq FROM telemetry_entry WHERE report = '' ORDER BY seq LIMIT :most_entries)
"""
_BIND_TURNS = """
    UPDATE step SET report = :report WHERE seq IN
        (SELECT seq FROM step WHERE report IS NULL AND done = 1 AND seq <= :folded ORDER BY seq LIMIT :most_turns)
"""
_BIND = (_BIND_COUNTS, _BIND_ENTRIES, _BIND_TURNS)

_ACKNOWLEDGED = (
    "DELETE FROM telemetry_count WHERE report = ?",
    "DELETE FROM telemetry_entry WHERE report = ?",
    "UPDATE step SET report = '' WHERE report = ?",
)

# Counts that came in meanwhile stand under the same name: the two are added up.
_COUNTS_BACK = """
    INSERT INTO telemetry_count (name, labels, hour, report, count)
        SELECT name, labels, hour, '', count FROM telemetry_count WHERE report = ?
    ON CONFLICT (name, labels, hour, report) DO UPDATE SET count = count + excluded.count
"""
_RELEASED = (
    _COUNTS_BACK,
    "DELETE FROM telemetry_count WHERE report = ?",
    "UPDATE telemetry_entry SET report = '' WHERE report = ?",
    "UPDATE step SET report = NULL WHERE report = ?",
)
# A report that not even one turn gets through with: its details go, its counts come again.
_GIVEN_UP = (
    "DELETE FROM telemetry_entry WHERE report = ?",
    "UPDATE step SET report = '' WHERE report = ?",
)


class SQLiteTelemetryStore(TelemetryStore):
    """See ``TelemetryStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def note(self, *entries: Entry) -> None:
        rows = [entry_row(entry) for entry in entries]
        await self._writer.write(lambda connection: add_entries(connection, rows))

    async def unfolded(self, limit: int) -> Sequence[StepRow]:
        folded = self._reader.row(_VALUE, _FOLDED)
        first = int(folded[0]) if folded else 0
        rows = self._reader.rows(f"SELECT {COLUMNS} FROM step WHERE seq > ? ORDER BY seq LIMIT ?", first, limit)  # noqa: S608 - a constant
        return [read_step(row) for row in rows]

    async def fold(self, fold: Fold) -> None:
        counts = [
            (count.name, encode_json(dict(sorted(count.labels.items()))), to_micros(count.hour), count.count)
            for count in fold.counts
        ]
        entries = [entry_row(entry) for entry in fold.entries]

        def work(connection: sqlite3.Connection) -> None:
            folded = connection.execute(_VALUE, (_FOLDED,)).fetchone()
            if folded is not None and int(folded[0]) >= fold.upto:
                return
            connection.executemany(COUNT, counts)
            add_entries(connection, entries)
            connection.execute(_KEEP_VALUE, (_FOLDED, str(fold.upto).encode()))

        await self._writer.write(work)

    async def bind(
        self, report_id: str, *, most_turns: int, most_entries: int, most_counts: int = MOST_COUNTS
    ) -> ReportEntries:
        def work(connection: sqlite3.Connection) -> str:
            pending = connection.execute(_VALUE, (_PENDING,)).fetchone()
            if pending is not None:
                return str(pending[0])
            folded = connection.execute(_VALUE, (_FOLDED,)).fetchone()
            parameters = {
                "report": report_id,
                "most_entries": most_entries,
                "most_turns": most_turns,
                "most_counts": most_counts,
                "folded": int(folded[0]) if folded else 0,
            }
            bound = sum(connection.execute(sql, parameters).rowcount for sql in _BIND)
            bound += tell_dropped(connection, report_id)
            if bound:
                connection.execute(_KEEP_VALUE, (_PENDING, report_id.encode()))
            return report_id

        return self._bound(await self._writer.write(work))

    async def acknowledged(self, report_id: str) -> None:
        await self._writer.write(lambda connection: _settle(connection, _ACKNOWLEDGED, report_id))

    async def release(self, report_id: str) -> None:
        await self._writer.write(lambda connection: _settle(connection, _RELEASED, report_id))

    async def give_up(self, report_id: str, *, at: datetime) -> None:
        def work(connection: sqlite3.Connection) -> None:
            gone = [connection.execute(sql, (report_id,)).rowcount for sql in _GIVEN_UP]
            _settle(connection, _RELEASED, report_id)
            dropped = {kind: number for kind, number in zip(("entries", "turns"), gone, strict=True) if number}
            remember_dropped(connection, dropped, to_micros(at))

        await self._writer.write(work)

    async def drop_excess(self, bounds: Bounds, *, at: datetime) -> Mapping[str, int]:
        waiting = self._reader.row(WAITING) or (0, 0, 0)
        if not excess((waiting[0], waiting[1], waiting[2]), bounds):
            return {}
        return await self._writer.write(lambda connection: drop_excess(connection, bounds, to_micros(at)))

    async def heard_of(self, step: StepRow) -> str:
        return self._heard(step.event_seq)

    async def last_words(self, contact: ContactKey, limit: int) -> Sequence[tuple[str, str, datetime]]:
        key = (contact.channel_id, contact.contact_id)
        said = self._reader.rows(
            "SELECT output, created_at, id FROM outbox WHERE channel_id = ? AND contact_id = ?"
            " ORDER BY seq DESC LIMIT ?",
            *key,
            limit,
        )
        heard = self._reader.rows(
            "SELECT event, received_at FROM inbox WHERE kind = 'message' AND channel_id = ? AND contact_id = ?"
            " ORDER BY seq DESC LIMIT ?",
            *key,
            limit,
        )
        words = [
            ("staff" if row[2].startswith("staff:") else "bot", bubble(json.loads(row[0])), from_micros(row[1]))
            for row in said
        ]
        words += [("customer", _words_of(row[0]), from_micros(row[1])) for row in heard]
        return sorted(words, key=lambda word: word[2])[-limit:]

    async def last_hand_off(self, contact: ContactKey) -> tuple[str, str, datetime] | None:
        found = self._reader.row(
            "SELECT id, name, at FROM outcome WHERE channel_id = ? AND contact_id = ? AND kind = 'hand_off'"
            " ORDER BY seq DESC LIMIT 1",
            contact.channel_id,
            contact.contact_id,
        )
        return None if found is None else (found[0], found[1], from_micros(found[2]))

    def _bound(self, report_id: str) -> ReportEntries:
        counts = self._reader.rows("SELECT name, labels, hour, count FROM telemetry_count WHERE report = ?", report_id)
        entries: dict[EntryKind, list[dict[str, object]]] = {}
        for kind, body in self._reader.rows(
            "SELECT kind, body FROM telemetry_entry WHERE report = ? ORDER BY seq", report_id
        ):
            entries.setdefault(EntryKind(kind), []).append(json.loads(body))
        ends = self._reader.rows("SELECT event_seq FROM step WHERE report = ? ORDER BY seq", report_id)
        return ReportEntries(
            report_id,
            [Count(name, json.loads(labels), from_micros(hour), count) for name, labels, hour, count in counts],
            [self._turn(event_seq) for (event_seq,) in ends],
            entries,  # type: ignore[arg-type]  # JSON that we wrote
        )

    def _turn(self, event_seq: int) -> Turn:
        rows = self._reader.rows(f"SELECT {COLUMNS} FROM step WHERE event_seq = ? ORDER BY seq", event_seq)  # noqa: S608 - a constant
        steps = [read_step(row) for row in rows]
        ids = [message_id for step in steps for message_id in step.message_ids]
        said = [self._reader.row("SELECT output FROM outbox WHERE id = ?", message_id) for message_id in ids]
        return Turn(steps, self._heard(event_seq), [bubble(json.loads(row[0])) for row in said if row is not None])

    def _heard(self, event_seq: int) -> str:
        found = self._reader.row("SELECT event FROM inbox WHERE seq = ? AND kind = 'message'", event_seq)
        return _words_of(found[0]) if found else ""


def _words_of(text: str) -> str:
    try:
        message = decode_event(MESSAGE, text)
    except (KeyError, ValueError):
        return ""
    words = getattr(message, "text", "")
    return words or f"[{getattr(message, 'type', 'message')}]"


def entry_row(entry: Entry) -> Row:
    """The row of an entry, to be added with a transaction of whoever notes it."""
    contact = entry.contact
    key = (contact.channel_id, contact.contact_id) if contact else (None, None)
    return (entry.kind.value, *key, encode_json(entry.body), to_micros(entry.at))


def add_entries(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Inside the caller's transaction."""
    connection.executemany(_ENTRY, rows)


def _settle(connection: sqlite3.Connection, script: Sequence[str], report_id: str) -> None:
    for sql in script:
        connection.execute(sql, (report_id,))
    connection.execute("DELETE FROM runtime_state WHERE key = ? AND value = CAST(? AS BLOB)", (_PENDING, report_id))
