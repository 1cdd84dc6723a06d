"""The control plane that the tests of a module use in a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.authoring_site import Site, authoring_site


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with authoring_site(tmp_path_factory.mktemp("site")) as running:
        yield running
