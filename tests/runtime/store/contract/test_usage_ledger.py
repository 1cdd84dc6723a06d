"""What answers cost, in both stores, by the contract of the port; and across a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.llm.usage import MonthUse, Reservation, UsageLedgerPort
from runtime.ports.state_store import StateStorePort
from runtime.store.sqlite import SQLiteStateStore
from tests.connectors.llm.usage.contract import UsageLedgerContract


class TestUsageOfTheStore(UsageLedgerContract):
    @pytest.fixture
    def ledger(self, store: StateStorePort) -> UsageLedgerPort:
        return store.usage


async def test_what_was_held_when_the_process_ended_is_still_held(tmp_path: Path) -> None:
    first = SQLiteStateStore(tmp_path / "state.db")
    await first.open()
    await first.usage.reserve(Reservation("a", "2026-03", 600), quota=1000)
    await first.usage.reserve(Reservation("b", "2026-03", 300), quota=1000)
    await first.usage.settle("b", 250)
    await first.close()
    again = SQLiteStateStore(tmp_path / "state.db")
    await again.open()
    assert await again.usage.month_use("2026-03") == MonthUse(250, 600)
    assert not await again.usage.reserve(Reservation("c", "2026-03", 151), quota=1000)
    assert await again.usage.reserve(Reservation("a", "2026-03", 600), quota=1000)
    assert await again.usage.settle("a", 90) == MonthUse(340, 0)
    await again.close()
