"""The tables of what answers cost: paid by month, and held by question."""

from __future__ import annotations

import sqlite3

from connectors.llm.usage import MonthUse, Reservation, UsageLedgerPort
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.writer import Writer

_USE = """
    SELECT coalesce((SELECT tokens FROM llm_usage WHERE month = ?1), 0),
           (SELECT coalesce(sum(tokens), 0) FROM llm_reservation WHERE month = ?1)
"""

_CHARGE = """
    INSERT INTO llm_usage (month, tokens) VALUES (?, ?)
    ON CONFLICT (month) DO UPDATE SET tokens = tokens + excluded.tokens
"""


class SQLiteUsageLedger(UsageLedgerPort):
    """See ``UsageLedgerPort``. One writer: what is read before a write still holds when it is written."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def reserve(self, reservation: Reservation, *, quota: int | None) -> bool:
        row = (reservation.key, reservation.month, reservation.held)

        def work(connection: sqlite3.Connection) -> bool:
            if connection.execute("SELECT 1 FROM llm_reservation WHERE key = ?", row[:1]).fetchone():
                return True
            if quota is not None and _use(connection, reservation.month).total + reservation.held > quota:
                return False
            connection.execute("INSERT INTO llm_reservation (key, month, tokens) VALUES (?, ?, ?)", row)
            return True

        return await self._writer.write(work)

    async def settle(self, key: str, tokens: int) -> MonthUse | None:
        def work(connection: sqlite3.Connection) -> MonthUse | None:
            deleted = connection.execute("DELETE FROM llm_reservation WHERE key = ? RETURNING month", (key,)).fetchall()
            if not deleted:
                return None
            month: str = deleted[0][0]
            connection.execute(_CHARGE, (month, tokens))
            return _use(connection, month)

        return await self._writer.write(work)

    async def release(self, key: str) -> None:
        await self._writer.write(lambda connection: _forget(connection, key))

    async def month_use(self, month: str) -> MonthUse:
        return MonthUse(*(self._reader.row(_USE, month) or (0, 0)))


def _use(connection: sqlite3.Connection, month: str) -> MonthUse:
    return MonthUse(*connection.execute(_USE, (month,)).fetchone())


def _forget(connection: sqlite3.Connection, key: str) -> None:
    connection.execute("DELETE FROM llm_reservation WHERE key = ?", (key,))
