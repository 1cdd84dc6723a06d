from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from platform_admin.fleet.driver import SecretFile, WantedRuntime
from platform_admin.fleet.drivers.process import ProcessDriver
from tests.platform_admin.fleet.contract.runtime_driver_contract import RuntimeDriverContract

SERVES = "import signal; signal.signal(signal.SIGTERM, lambda *_: exit(0)); signal.pause()"


class TestProcessDriver(RuntimeDriverContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> Iterator[ProcessDriver]:
        driver = ProcessDriver(tmp_path, command=(sys.executable, "-c", SERVES))
        yield driver
        driver.close()

    @pytest.fixture
    def wanted(self) -> WantedRuntime:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        return WantedRuntime("luna", secrets=(SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", "token\n"),), port=port)
