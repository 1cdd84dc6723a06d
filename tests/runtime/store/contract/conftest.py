"""Every test in this folder runs against both stores: the contract is what they have in common."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from runtime.ports.state_store import StateStorePort
from runtime.store.in_memory import InMemoryStateStore
from runtime.store.sqlite import SQLiteStateStore


@pytest.fixture(params=["sqlite", "in_memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[StateStorePort]:
    opened: StateStorePort
    opened = SQLiteStateStore(tmp_path / "state.db") if request.param == "sqlite" else InMemoryStateStore()
    await opened.open()
    yield opened
    await opened.close()
