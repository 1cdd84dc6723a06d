"""No turn may log a secret, whatever else it is about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.secret_watch import watched


@pytest.fixture(autouse=True)
def _no_secret_in_the_log() -> Iterator[None]:
    with watched("connectors", "runtime", "httpcore2", "httpx2") as watch:
        yield
    assert not watch.leaks, f"a secret was logged: {watch.leaks}"
