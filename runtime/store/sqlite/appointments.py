"""The tables of the appointment ledger."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from connectors.state import (
    AppointmentChange,
    AppointmentLedgerPort,
    Attendance,
    Booking,
    ChangeKind,
    ConfirmedAppointment,
    LedgerRow,
    moves,
)
from connectors.state.row_codec import decode_row, encode_row
from runtime.store.event_codec import encode_json
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.reader import Reader, Row
from runtime.store.sqlite.writer import Writer

_PUT = """
    INSERT INTO appointment (event_id, contact_id, stage, loose, starts_at, blocks_from, blocks_until, updated_at, row)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (event_id) DO UPDATE SET
        contact_id = excluded.contact_id, stage = excluded.stage, loose = excluded.loose,
        starts_at = excluded.starts_at, blocks_from = excluded.blocks_from, blocks_until = excluded.blocks_until,
        updated_at = excluded.updated_at, row = excluded.row
"""

_GET = "SELECT row, contact_id FROM appointment WHERE event_id = ?"

_STANDING = """
    SELECT row, contact_id FROM appointment
    WHERE stage IN ('held', 'confirmed') AND blocks_until > ? AND blocks_from < ? ORDER BY starts_at, event_id
"""

_OF_CONTACT = """
    SELECT row, contact_id FROM appointment WHERE contact_id = ? AND stage = 'confirmed' ORDER BY starts_at, event_id
"""

_UNSETTLED = """
    SELECT row, contact_id FROM appointment
    WHERE (loose OR stage = 'held') AND updated_at < ? ORDER BY updated_at, event_id
"""

_NOTE = "INSERT INTO appointment_change (kind, contact_id, before, after, at) VALUES (?, ?, ?, ?, ?)"

_UNTOLD = "SELECT id, kind, before, after, at, contact_id FROM appointment_change ORDER BY id LIMIT ?"


class _Rows(moves.Table):
    """The rows inside one transaction of the writer."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, event_id: str) -> LedgerRow | None:
        found = self._connection.execute(_GET, (event_id,)).fetchone()
        return None if found is None else _decoded(found)

    def put(self, row: LedgerRow) -> None:
        booking = row.booking
        instants = (booking.starts_at, booking.blocks_from, booking.blocks_until, row.updated_at)
        values = (*map(to_micros, instants), encode_json(encode_row(row)))
        self._connection.execute(_PUT, (booking.event_id, booking.contact_id, row.stage.value, row.loose, *values))

    def standing(self, start: datetime, end: datetime) -> Sequence[LedgerRow]:
        found = self._connection.execute(_STANDING, (to_micros(start), to_micros(end))).fetchall()
        return [_decoded(row) for row in found]

    def note(self, kind: ChangeKind, before: LedgerRow, row: LedgerRow, at: datetime) -> None:
        texts = (encode_json(encode_row(before)), encode_json(encode_row(row)))
        self._connection.execute(_NOTE, (kind.value, row.booking.contact_id, *texts, to_micros(at)))


class SQLiteAppointmentLedger(AppointmentLedgerPort):
    """See ``AppointmentLedgerPort``. One writer: what a move reads still holds when it writes."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def hold(self, booking: Booking, *, at: datetime) -> LedgerRow | None:
        return await self._moved(lambda rows: moves.hold(rows, booking, at))

    async def written(self, event_id: str, *, provider_id: str, version: str, at: datetime) -> None:
        await self._moved(lambda rows: moves.written(rows, event_id, provider_id, version, at))

    async def confirm(self, event_id: str, *, at: datetime, untold: bool = False) -> ConfirmedAppointment | None:
        return await self._moved(lambda rows: moves.confirm(rows, event_id, at, untold=untold))

    async def release(self, event_id: str, *, at: datetime, loose: bool = False) -> None:
        await self._moved(lambda rows: moves.release(rows, event_id, at, loose=loose))

    async def cancel(self, event_id: str, *, at: datetime, untold: bool = False) -> LedgerRow | None:
        return await self._moved(lambda rows: moves.cancel(rows, event_id, at, untold=untold))

    async def move(self, event_id: str, to: Booking, *, version: str, at: datetime, untold: bool = True) -> None:
        await self._moved(lambda rows: moves.move(rows, event_id, to, version, at, untold=untold))

    async def mark(self, event_id: str, attendance: Attendance, *, at: datetime) -> LedgerRow | None:
        return await self._moved(lambda rows: moves.mark(rows, event_id, attendance, at))

    async def tied(self, event_id: str, *, at: datetime) -> None:
        await self._moved(lambda rows: moves.tied(rows, event_id, at))

    async def adopt(self, booking: Booking, *, provider_id: str, version: str, at: datetime) -> None:
        await self._moved(lambda rows: moves.adopt(rows, booking, provider_id, version, at))

    async def find(self, event_id: str) -> LedgerRow | None:
        found = self._reader.row(_GET, event_id)
        return None if found is None else _decoded(found)

    async def of_contact(self, contact_id: str) -> Sequence[ConfirmedAppointment]:
        return [ConfirmedAppointment(_decoded(row)) for row in self._reader.rows(_OF_CONTACT, contact_id)]

    async def between(self, start: datetime, end: datetime) -> Sequence[LedgerRow]:
        return [_decoded(row) for row in self._reader.rows(_STANDING, to_micros(start), to_micros(end))]

    async def unsettled(self, before: datetime) -> Sequence[LedgerRow]:
        return [_decoded(row) for row in self._reader.rows(_UNSETTLED, to_micros(before))]

    async def untold(self, limit: int) -> Sequence[AppointmentChange]:
        return [_change(row) for row in self._reader.rows(_UNTOLD, limit)]

    async def told(self, change_id: int) -> None:
        await self._writer.write(lambda connection: forget_change(connection, change_id))

    async def _moved[T](self, move: Callable[[_Rows], T]) -> T:
        return await self._writer.write(lambda connection: move(_Rows(connection)))


def forget_change(connection: sqlite3.Connection, change_id: int) -> bool:
    """Inside the caller's transaction: forget a change; whether it was still there."""
    return connection.execute("DELETE FROM appointment_change WHERE id = ?", (change_id,)).rowcount == 1


def _decoded(row: Row) -> LedgerRow:
    """The customer is whom the column names: a contact may have got another id since."""
    decoded = decode_row(json.loads(row[0]))
    return replace(decoded, booking=replace(decoded.booking, contact_id=row[1]))


def _change(row: Row) -> AppointmentChange:
    number, kind, before, after, at, contact_id = row
    rows = (_decoded((before, contact_id)), _decoded((after, contact_id)))
    return AppointmentChange(number, ChangeKind(kind), rows[0], rows[1], from_micros(at))
