"""What every conversation is kept in; and no turn may log a secret, whatever else it is about."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from runtime.ports.state_store import StateStorePort
from runtime.store.in_memory import InMemoryStateStore
from runtime.store.sqlite import SQLiteStateStore
from tests.secret_watch import watched


@pytest.fixture(autouse=True)
def _no_secret_in_the_log() -> Iterator[None]:
    with watched("connectors", "runtime", "httpcore2", "httpx2") as watch:
        yield
    assert not watch.leaks, f"a secret was logged: {watch.leaks}"


@pytest.fixture(params=["sqlite", "in_memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[StateStorePort]:
    opened: StateStorePort
    opened = SQLiteStateStore(tmp_path / "state.db") if request.param == "sqlite" else InMemoryStateStore()
    await opened.open()
    yield opened
    await opened.close()
