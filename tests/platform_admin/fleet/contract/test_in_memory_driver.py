from __future__ import annotations

import pytest

from platform_admin.fleet.driver import SecretFile, WantedRuntime
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from tests.platform_admin.fleet.contract.runtime_driver_contract import RuntimeDriverContract


class TestInMemoryDriver(RuntimeDriverContract):
    @pytest.fixture
    def driver(self) -> InMemoryDriver:
        return InMemoryDriver()

    @pytest.fixture
    def wanted(self) -> WantedRuntime:
        return WantedRuntime("luna", secrets=(SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", "token\n"),), port=9000)
