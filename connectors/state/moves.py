"""The moves of the ledger, over any table of its rows. Written once, so both ledgers make the same ones.

Each runs as one step for everyone else: the caller sees to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from connectors.state.ledger_row import Attendance, Booking, ChangeKind, ConfirmedAppointment, LedgerRow, Stage
from connectors.state.room import has_room


class Table(Protocol):
    """Rows by event id, and the changes nobody was told of."""

    def get(self, event_id: str) -> LedgerRow | None: ...

    def put(self, row: LedgerRow) -> None: ...

    def standing(self, start: datetime, end: datetime) -> Sequence[LedgerRow]: ...

    def note(self, kind: ChangeKind, before: LedgerRow, row: LedgerRow, at: datetime) -> None: ...


def hold(table: Table, booking: Booking, at: datetime) -> LedgerRow | None:
    """See ``AppointmentLedgerPort.hold``; the same holds for every function here."""
    known = table.get(booking.event_id)
    if known is not None and known.stage is not Stage.RELEASED:
        return known
    if not has_room(booking, table.standing(booking.blocks_from, booking.blocks_until)):
        return None
    row = LedgerRow(booking, Stage.HELD, at, attempt=known.attempt + 1 if known else 1)
    table.put(row)
    return row


def written(table: Table, event_id: str, provider_id: str, version: str, at: datetime) -> None:
    row = table.get(event_id)
    if row is not None:
        table.put(replace(row, provider_id=provider_id, version=version, updated_at=at))


def confirm(table: Table, event_id: str, at: datetime, *, untold: bool) -> ConfirmedAppointment | None:
    before = table.get(event_id)
    if before is None or not before.stands:
        return None
    if before.stage is Stage.CONFIRMED:
        return ConfirmedAppointment(before)
    row = replace(before, stage=Stage.CONFIRMED, updated_at=at)
    table.put(row)
    replaced = table.get(row.booking.replaces)
    if replaced is not None and replaced.stage is Stage.CONFIRMED:
        table.put(replace(replaced, stage=Stage.CANCELLED, loose=True, updated_at=at))
    if untold:
        table.note(ChangeKind.CONFIRMED, before, row, at)
    return ConfirmedAppointment(row)


def release(table: Table, event_id: str, at: datetime, *, loose: bool) -> None:
    row = table.get(event_id)
    if row is not None and row.stage is Stage.HELD:
        table.put(replace(row, stage=Stage.RELEASED, loose=loose, updated_at=at))


def cancel(table: Table, event_id: str, at: datetime, *, untold: bool) -> LedgerRow | None:
    before = table.get(event_id)
    if before is None or before.stage is not Stage.CONFIRMED:
        return before
    row = replace(before, stage=Stage.CANCELLED, updated_at=at)
    table.put(row)
    if untold:
        table.note(ChangeKind.CANCELLED, before, row, at)
    return row


def move(table: Table, event_id: str, to: Booking, version: str, at: datetime, *, untold: bool) -> None:
    before = table.get(event_id)
    if before is None or before.stage is not Stage.CONFIRMED:
        return
    row = replace(before, booking=to, version=version, updated_at=at)
    table.put(row)
    if untold and before.booking.starts_at != to.starts_at:  # two that see one move tell it once
        table.note(ChangeKind.MOVED, before, row, at)


def mark(table: Table, event_id: str, attendance: Attendance, at: datetime) -> LedgerRow | None:
    row = table.get(event_id)
    if row is not None and row.stage is Stage.CONFIRMED:
        row = replace(row, attendance=attendance, updated_at=at)
        table.put(row)
    return row


def tied(table: Table, event_id: str, at: datetime) -> None:
    row = table.get(event_id)
    if row is not None:
        table.put(replace(row, loose=False, updated_at=at))


def adopt(table: Table, booking: Booking, provider_id: str, version: str, at: datetime) -> None:
    if table.get(booking.event_id) is None:
        table.put(LedgerRow(booking, Stage.CONFIRMED, at, provider_id=provider_id, version=version))
