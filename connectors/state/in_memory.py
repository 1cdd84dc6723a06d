"""The twins that live in memory. No method awaits between reading and writing, so each is atomic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count

from connectors.state import moves
from connectors.state.appointment_ledger import AppointmentLedgerPort
from connectors.state.ledger_row import (
    AppointmentChange,
    Attendance,
    Booking,
    ChangeKind,
    ConfirmedAppointment,
    LedgerRow,
    Stage,
)
from connectors.state.sync_state import SyncStatePort


class _Rows(moves.Table):
    def __init__(self) -> None:
        self.rows: dict[str, LedgerRow] = {}
        self.changes: dict[int, AppointmentChange] = {}
        self._numbers = count(1)

    def get(self, event_id: str) -> LedgerRow | None:
        return self.rows.get(event_id)

    def put(self, row: LedgerRow) -> None:
        self.rows[row.booking.event_id] = row

    def standing(self, start: datetime, end: datetime) -> list[LedgerRow]:
        rows = [row for row in self.rows.values() if row.stands]
        return _by_start(row for row in rows if row.booking.blocks_from < end and start < row.booking.blocks_until)

    def note(self, kind: ChangeKind, before: LedgerRow, row: LedgerRow, at: datetime) -> None:
        number = next(self._numbers)
        self.changes[number] = AppointmentChange(number, kind, before, row, at)


class InMemoryAppointmentLedger(AppointmentLedgerPort):
    """See ``AppointmentLedgerPort``; nothing outlives the object."""

    def __init__(self) -> None:
        self._table = _Rows()

    async def hold(self, booking: Booking, *, at: datetime) -> LedgerRow | None:
        return moves.hold(self._table, booking, at)

    async def written(self, event_id: str, *, provider_id: str, version: str, at: datetime) -> None:
        moves.written(self._table, event_id, provider_id, version, at)

    async def confirm(self, event_id: str, *, at: datetime, untold: bool = False) -> ConfirmedAppointment | None:
        return moves.confirm(self._table, event_id, at, untold=untold)

    async def release(self, event_id: str, *, at: datetime, loose: bool = False) -> None:
        moves.release(self._table, event_id, at, loose=loose)

    async def cancel(self, event_id: str, *, at: datetime, untold: bool = False) -> LedgerRow | None:
        return moves.cancel(self._table, event_id, at, untold=untold)

    async def move(self, event_id: str, to: Booking, *, version: str, at: datetime, untold: bool = True) -> None:
        moves.move(self._table, event_id, to, version, at, untold=untold)

    async def mark(self, event_id: str, attendance: Attendance, *, at: datetime) -> LedgerRow | None:
        return moves.mark(self._table, event_id, attendance, at)

    async def tied(self, event_id: str, *, at: datetime) -> None:
        moves.tied(self._table, event_id, at)

    async def adopt(self, booking: Booking, *, provider_id: str, version: str, at: datetime) -> None:
        moves.adopt(self._table, booking, provider_id, version, at)

    async def find(self, event_id: str) -> LedgerRow | None:
        return self._table.get(event_id)

    async def of_contact(self, contact_id: str) -> Sequence[ConfirmedAppointment]:
        rows = _by_start(row for row in self._table.rows.values() if row.booking.contact_id == contact_id)
        return [ConfirmedAppointment(row) for row in rows if row.stage is Stage.CONFIRMED]

    async def between(self, start: datetime, end: datetime) -> Sequence[LedgerRow]:
        return self._table.standing(start, end)

    async def unsettled(self, before: datetime) -> Sequence[LedgerRow]:
        rows = [row for row in self._table.rows.values() if row.loose or row.stage is Stage.HELD]
        return sorted((row for row in rows if row.updated_at < before), key=lambda row: row.updated_at)

    async def untold(self, limit: int) -> Sequence[AppointmentChange]:
        return list(self._table.changes.values())[:limit]

    async def told(self, change_id: int) -> None:
        self._table.changes.pop(change_id, None)


class InMemorySyncState(SyncStatePort):
    """A dictionary."""

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        return self._tokens.get(name)

    async def set(self, name: str, token: str | None) -> None:
        if token is None:
            self._tokens.pop(name, None)
        else:
            self._tokens[name] = token


def _by_start(rows: Iterable[LedgerRow]) -> list[LedgerRow]:
    return sorted(rows, key=lambda row: (row.booking.starts_at, row.booking.event_id))
