"""What answers cost, in both stores, by the contract of the port; and across a crash."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.llm.port import TokenUsage
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


async def test_what_was_paid_is_counted_for_the_next_report_once_by_hour_and_kind(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    later = IN_MARCH + timedelta(hours=1, minutes=59)
    split = TokenUsage(fresh_input=10, cache_write=20, cache_read=300, output=4)
    for key, paid, at in (("a", split, IN_MARCH), ("b", split, IN_MARCH), ("c", TokenUsage(fresh_input=7), later)):
        await store.usage.reserve(question(key, 400), Allowance())
        await store.usage.settle(key, paid, at=at)
        assert await store.usage.settle(key, paid, at=at) is None
    await store.usage.reserve(question("nothing came of it", 400), Allowance())
    await store.usage.release("nothing came of it")
    told = (await store.telemetry.bind("r1", most_turns=1, most_entries=1)).counts
    await store.telemetry.acknowledged("r1")
    again = (await store.telemetry.bind("r2", most_turns=1, most_entries=1)).counts
    await store.close()
    one_later = IN_MARCH + timedelta(hours=1)
    assert sorted((count.hour, count.name, count.labels["kind"], count.count) for count in told) == [
        (IN_MARCH, "llm_tokens", "input", 660),
        (IN_MARCH, "llm_tokens", "output", 8),
        (one_later, "llm_tokens", "input", 7),
    ]
    assert again == []


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
