from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from platform_admin.fleet.driver import SecretFile, WantedRuntime
from platform_admin.fleet.drivers.process import ProcessDriver
from tests.platform_admin.fleet.contract.runtime_driver_contract import RuntimeDriverContract
from tests.platform_admin.fleet.ways_to_start import WAYS, starter

SERVES = "import signal; signal.signal(signal.SIGTERM, lambda *_: exit(0)); signal.pause()"


class TestProcessDriver(RuntimeDriverContract):
    @pytest.fixture(params=WAYS)
    def driver(self, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ProcessDriver]:
        driver = ProcessDriver(tmp_path, starter=starter(request.param, SERVES))
        yield driver
        driver.close()

    @pytest.fixture
    def wanted(self) -> WantedRuntime:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        return WantedRuntime("luna", secrets=(SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", "token\n"),), port=port)
