"""A runtime as a process of its own, with a toy tenant, and the port it listens on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.runtime.running import development_settings

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30  # a start takes about a second; a busy machine more


def environment(**variables: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables}


def development(folder: Path) -> dict[str, str]:
    development_settings(folder)
    return {
        "TENANT_CONFIG_PATH": str(folder / "tenant.yaml"),
        "STATE_DIR": str(folder / "state"),
        "PORT": "0",
        "PYTHONUNBUFFERED": "1",
    }


class Served:
    """A running process and the port it listens on."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log: list[str] = []
        self.port = self._port()

    def get(self, path: str) -> dict[str, object]:
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=PATIENCE_S) as answer:
            found: dict[str, object] = json.load(answer)
            return found

    def _port(self) -> int:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.log.append(line)
            if found := re.search(r"listening on [\d.]+:(\d+)", line):
                return int(found.group(1))
        pytest.fail(f"the runtime ended: {self.log} {self.process.stderr and self.process.stderr.read()}")
