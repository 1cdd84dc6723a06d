"""A store that failed is tried when somebody asks, once a second at most, and left alone while it works."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from runtime.clock import SystemClock
from runtime.errors import StoreUnavailableError
from runtime.store.sqlite import SQLiteStateStore
from runtime.store_probe import StoreProbe


def failing(store: SQLiteStateStore) -> bool:
    return store.failure is not None


async def test_it_writes_only_after_a_failure_and_once_a_second(tmp_path: Path) -> None:
    store = SQLiteStateStore(tmp_path / "state.db")
    await store.open()
    now = 100.0
    probe = StoreProbe(store, SystemClock(), monotonic=lambda: now)
    await probe.look()
    assert await store.values.get("store.probe") is None
    with sqlite3.connect(store.path) as breaker:
        breaker.execute("CREATE TRIGGER broken BEFORE INSERT ON runtime_state BEGIN SELECT RAISE(ROLLBACK, 'no'); END")
    breaker.close()
    with pytest.raises(StoreUnavailableError):
        await store.values.set("test", b"x")
    await probe.look()
    assert failing(store)
    with sqlite3.connect(store.path) as mender:
        mender.execute("DROP TRIGGER broken")
    mender.close()
    await probe.look()
    assert failing(store), "it was tried this very second"
    now += 1.0
    await probe.look()
    assert not failing(store)
    assert await store.values.get("store.probe") is not None
    await store.close()
