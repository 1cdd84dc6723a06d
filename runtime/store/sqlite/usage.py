"""The tables of what answers cost: paid by month, held by question, counted by contact and day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from connectors.llm.port import TokenUsage
from connectors.llm.usage import (
    Admission,
    Allowance,
    MonthUse,
    Reservation,
    Settled,
    UsageLedgerPort,
    reached_marks,
)
from connectors.llm.usage.port import ABANDONED_AFTER
from flow_engine.vocabulary import JSONObject
from runtime.ports.telemetry_store import Entry, EntryKind
from runtime.store.event_codec import encode_json
from runtime.store.instants import to_micros
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.telemetry import COUNT, add_entries, entry_row
from runtime.store.sqlite.writer import Writer

_PAID = "SELECT fresh_input, cache_write, cache_read, output FROM llm_usage WHERE month = ?"
_HELD = "SELECT coalesce(sum(tokens), 0) FROM llm_reservation WHERE month = ?"

_CHARGE = """
    INSERT INTO llm_usage (month, tokens, fresh_input, cache_write, cache_read, output) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (month) DO UPDATE SET
        tokens = tokens + excluded.tokens,
        fresh_input = fresh_input + excluded.fresh_input,
        cache_write = cache_write + excluded.cache_write,
        cache_read = cache_read + excluded.cache_read,
        output = output + excluded.output
"""

_HOLD = "INSERT INTO llm_reservation (key, month, tokens, at) VALUES (?, ?, ?, ?)"

_ASKED = "SELECT questions FROM llm_contact_day WHERE channel_id = ? AND contact_id = ? AND day = ?"

_COUNT = """
    INSERT INTO llm_contact_day (channel_id, contact_id, day, questions) VALUES (?, ?, ?, 1)
    ON CONFLICT (channel_id, contact_id, day) DO UPDATE SET questions = questions + 1
"""


TOKENS: Final = "llm_tokens"
"""The counter of reports; the hour is that of the payment."""


class SQLiteUsageLedger(UsageLedgerPort):
    """See ``UsageLedgerPort``. One writer: what is read before a write still holds when it is written.

    What is paid is counted for the next report, and a mark of the quota that is reached is a notice, both in the same
    transaction, so that each is told once and never lost.
    """

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def reserve(self, reservation: Reservation, allowance: Allowance) -> Admission:
        def work(connection: sqlite3.Connection) -> Admission:
            abandoned = to_micros(reservation.at - ABANDONED_AFTER)
            connection.execute("DELETE FROM llm_reservation WHERE at < ?", (abandoned,))
            if connection.execute("SELECT 1 FROM llm_reservation WHERE key = ?", (reservation.key,)).fetchone():
                return Admission.HELD
            refused = _refusal(connection, reservation, allowance)
            if refused is not None:
                return refused
            _hold(connection, reservation)
            return Admission.HELD

        return await self._writer.write(work)

    async def settle(self, key: str, usage: TokenUsage, *, at: datetime, quota: int | None = None) -> Settled | None:
        def work(connection: sqlite3.Connection) -> Settled | None:
            deleted = connection.execute("DELETE FROM llm_reservation WHERE key = ? RETURNING month", (key,)).fetchall()
            if not deleted:
                return None
            month: str = deleted[0][0]
            parts = (usage.fresh_input, usage.cache_write, usage.cache_read, usage.output)
            connection.execute(_CHARGE, (month, usage.total, *parts))
            _count_tokens(connection, usage, at)
            use = _use(connection, month)
            return Settled(use, _reach(connection, month, reached_marks(use.settled, quota), _Told(use, quota, at)))

        return await self._writer.write(work)

    async def release(self, key: str) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM llm_reservation WHERE key = ?", (key,))

        await self._writer.write(work)

    async def month_use(self, month: str) -> MonthUse:
        return MonthUse(
            TokenUsage(*(self._reader.row(_PAID, month) or ())), int((self._reader.row(_HELD, month) or (0,))[0])
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """What a notice about a mark says."""

    use: MonthUse
    quota: int | None
    at: datetime


def _reach(connection: sqlite3.Connection, month: str, marks: Iterable[int], told: _Told) -> tuple[int, ...]:
    """Those of ``marks`` that are new this month, each told as a notice."""
    sql = "INSERT OR IGNORE INTO llm_mark (month, mark) VALUES (?, ?)"
    new = tuple(mark for mark in marks if connection.execute(sql, (month, mark)).rowcount)
    for mark in new:
        detail = f"{mark} % of the tokens of {month} are used: {told.use.settled} of {told.quota}."
        body: JSONObject = {"id": f"llm_quota:{month}:{mark}", "kind": "llm_quota", "at": told.at.isoformat()}
        add_entries(connection, [entry_row(Entry(EntryKind.NOTICE, body | {"detail": detail}, told.at))])
    return new


def _refusal(connection: sqlite3.Connection, reservation: Reservation, allowance: Allowance) -> Admission | None:
    asker, quota = reservation.asker, allowance.quota
    if allowance.a_day is not None:
        counted = connection.execute(_ASKED, (asker.channel_id, asker.contact_id, reservation.day)).fetchone()
        if (counted[0] if counted else 0) >= allowance.a_day:
            return Admission.CONTACT_ASKED_ENOUGH
    use = _use(connection, reservation.month)
    if quota is not None and use.total + reservation.held > quota:
        _reach(connection, reservation.month, (100,), _Told(use, quota, reservation.at))
        return Admission.QUOTA_USED_UP
    return None


def _count_tokens(connection: sqlite3.Connection, usage: TokenUsage, at: datetime) -> None:
    hour = to_micros(at.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
    read = usage.fresh_input + usage.cache_write + usage.cache_read
    for kind, tokens in (("input", read), ("output", usage.output)):
        if tokens:
            connection.execute(COUNT, (TOKENS, encode_json({"kind": kind}), hour, tokens))


def _hold(connection: sqlite3.Connection, reservation: Reservation) -> None:
    asker, day = reservation.asker, reservation.day
    row = (reservation.key, reservation.month, reservation.held, to_micros(reservation.at))
    connection.execute(_HOLD, row)
    connection.execute("DELETE FROM llm_contact_day WHERE day < ?", (day,))
    connection.execute(_COUNT, (asker.channel_id, asker.contact_id, day))


def _use(connection: sqlite3.Connection, month: str) -> MonthUse:
    paid = connection.execute(_PAID, (month,)).fetchone()
    return MonthUse(TokenUsage(*(paid or ())), connection.execute(_HELD, (month,)).fetchone()[0])
