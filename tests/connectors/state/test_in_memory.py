"""The ledger and the sync state that live in memory."""

from __future__ import annotations

import pytest

from connectors.state import (
    AppointmentLedgerPort,
    InMemoryAppointmentLedger,
    InMemorySyncState,
    SyncStatePort,
)
from tests.connectors.state.ledger_contract import AppointmentLedgerContract
from tests.connectors.state.sync_contract import SyncStateContract


class TestLedgerInMemory(AppointmentLedgerContract):
    @pytest.fixture
    def ledger(self) -> AppointmentLedgerPort:
        return InMemoryAppointmentLedger()


class TestSyncStateInMemory(SyncStateContract):
    @pytest.fixture
    def sync(self) -> SyncStatePort:
        return InMemorySyncState()
