"""What connectors keep, in both stores, by the contracts of their ports; and across a restart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.state import (
    AppointmentLedgerPort,
    Attendance,
    ChangeKind,
    ConfirmedAppointment,
    Lane,
    LedgerRow,
    Stage,
    SyncStatePort,
)
from runtime.ports.state_store import StateStorePort
from runtime.store.sqlite import SQLiteStateStore
from tests.connectors.state.bookings import NOW, booking
from tests.connectors.state.ledger_contract import AppointmentLedgerContract
from tests.connectors.state.sync_contract import SyncStateContract


class TestLedgerOfTheStore(AppointmentLedgerContract):
    @pytest.fixture
    def ledger(self, store: StateStorePort) -> AppointmentLedgerPort:
        return store.connectors.appointments


class TestSyncStateOfTheStore(SyncStateContract):
    @pytest.fixture
    def sync(self, store: StateStorePort) -> SyncStatePort:
        return store.connectors.sync


async def test_appointments_and_untold_changes_outlive_the_process(tmp_path: Path) -> None:
    first = SQLiteStateStore(tmp_path / "state.db")
    await first.open()
    ledger = first.connectors.appointments
    whole = replace(booking("a", before=5, after=10), lanes=(Lane("eva"), Lane("sinks", 3)))
    await ledger.hold(whole, at=NOW)
    await ledger.written("a", provider_id="a", version='"1"', at=NOW)
    await ledger.confirm("a", at=NOW, untold=True)
    await ledger.mark("a", Attendance.EXPECTED, at=NOW)
    await first.connectors.sync.set("shop", "token")
    await first.close()
    again = SQLiteStateStore(tmp_path / "state.db")
    await again.open()
    row = LedgerRow(whole, Stage.CONFIRMED, NOW, attendance=Attendance.EXPECTED, provider_id="a", version='"1"')
    assert await again.connectors.appointments.of_contact("ana") == [ConfirmedAppointment(row)]
    (change,) = await again.connectors.appointments.untold(9)
    assert (change.kind, change.row) == (ChangeKind.CONFIRMED, replace(row, attendance=Attendance.OPEN))
    assert await again.connectors.sync.get("shop") == "token"
    await again.close()
