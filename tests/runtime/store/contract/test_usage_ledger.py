"""What answers cost, in both stores, by the contract of the port; and across a crash."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.llm.usage import Admission, Allowance, UsageLedgerPort
from runtime.ports.state_store import StateStorePort
from runtime.store.sqlite import SQLiteStateStore
from tests.connectors.llm.usage.contract import BRUNO, IN_MARCH, MARCH, UsageLedgerContract, question, spent, use


class TestUsageOfTheStore(UsageLedgerContract):
    @pytest.fixture
    def ledger(self, store: StateStorePort) -> UsageLedgerPort:
        return store.usage


async def test_what_was_held_when_the_process_ended_is_still_held(tmp_path: Path) -> None:
    first = SQLiteStateStore(tmp_path / "state.db")
    await first.open()
    await first.usage.reserve(question("a", 600), Allowance(1000))
    await first.usage.reserve(question("b", 300), Allowance(1000))
    await first.usage.settle("b", spent(250), at=IN_MARCH)
    await first.close()
    again = SQLiteStateStore(tmp_path / "state.db")
    await again.open()
    assert await again.usage.month_use(MARCH) == use(250, 600)
    assert await again.usage.reserve(question("c", 151), Allowance(1000)) is Admission.QUOTA_USED_UP
    assert await again.usage.reserve(question("a", 600), Allowance(1000)) is Admission.HELD
    settled = await again.usage.settle("a", spent(90), at=IN_MARCH)
    assert settled is not None
    assert settled.use == use(340, 0)
    await again.close()


async def test_of_yesterday_only_the_sums_are_kept(tmp_path: Path) -> None:
    """Who asked is needed for one day; what it cost for good."""
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    await store.usage.reserve(question("a", 10), Allowance(None, 5))
    await store.usage.settle("a", spent(7), at=IN_MARCH)
    await store.usage.reserve(question("b", 10, IN_MARCH + timedelta(days=1), asker=BRUNO), Allowance(None, 5))
    await store.close()
    with closing(sqlite3.connect(tmp_path / "state.db")) as file:
        assert file.execute("SELECT contact_id FROM llm_contact_day").fetchall() == [("bruno",)]
        assert file.execute("SELECT month, tokens FROM llm_usage").fetchall() == [(MARCH, 7)]
