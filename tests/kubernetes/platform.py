"""A control plane of its own with one tenant, and the commands of its operator; each a process as in life."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final, Self

import httpx2

from tests.kubernetes.cluster import free_port
from tests.kubernetes.node import ROOT

PATIENCE_S: Final = 180.0
"""With a machine that does other things as well."""
_POLL_S: Final = 0.1
_PASSED_ON: Final = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE")


class Platform:
    """``fleet`` is what the orchestrator and the commands are told besides; copies lie in ``copies``."""

    def __init__(self, folder: Path, **fleet: str) -> None:
        self._folder = folder
        self.copies = folder / "copies"
        self.copies.mkdir()
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        clean = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._environment = clean
        self._python("manage.py", "init_env", "--directory", str(folder))
        lines = (folder / ".env").read_text(encoding="utf-8").splitlines()
        keys = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
        self._environment = {
            **clean,
            **keys,
            "SIGNING_KEY_FILE": str(folder / ".frontdesk" / "signing_key.pem"),
            "DATABASE_URL": f"sqlite:///{folder / 'control-plane.sqlite3'}",
            "FLEET_BACKUPS": str(self.copies),
            "FLEET_FOLDER": str(folder / "fleet"),
            "FLEET_IMAGE": "registry.example.org/frontdesk-runtime:1",
            "FLEET_CONTROL_PLANE_URL": self.url,
            **fleet,
        }
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._python("manage.py", "migrate", "--verbosity", "0")
        command = ["-m", "uvicorn", "platform_admin.config.asgi:application", "--port", str(self._port)]
        with (self._folder / "control-plane.log").open("wb") as log:
            self._server = subprocess.Popen(
                [sys.executable, *command, "--lifespan", "off"], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE_S
        while not self._answers():
            assert self._server.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(_POLL_S)
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait()

    def luna(self) -> None:
        """A business with the development channel, published."""
        self.manage("provision_tenant", "luna", "--name", "Luna", "--output-dir", str(self._folder / "luna"))
        settings = self._folder / "settings.yaml"
        settings.write_text("channels: [{type: http_dev}]\nconnectors: {calendar: {type: mock_calendar}}\n")
        self.manage("publish", "luna", "--flow", "flows/peluqueria_flow.yaml", "--settings-file", str(settings))

    def manage(self, *arguments: str, driver: str = "kubernetes") -> str:
        """What a command prints."""
        return self._python("manage.py", *arguments, FLEET_DRIVER=driver)

    def told(self, *arguments: str) -> Any:
        return json.loads(self.manage(*arguments, "--json"))

    def told_fleet(self) -> list[Any]:
        """A row for each tenant; that wanted and seen differ is no fault here."""
        return list(json.loads(self._run("manage.py", "fleet", "--json", FLEET_DRIVER="kubernetes").stdout)["tenants"])

    def refusal(self, *arguments: str) -> str:
        """What a command says that refuses, in its one line."""
        done = self._run("manage.py", *arguments, FLEET_DRIVER="kubernetes")
        assert done.returncode == 1, f"{arguments}: {done.stdout}{done.stderr}\n{self.log()}"
        (line,) = (done.stdout.strip() or done.stderr.strip()).splitlines()
        return line.removeprefix("CommandError: ")

    def log(self) -> str:
        return (self._folder / "control-plane.log").read_text(errors="replace")

    def _answers(self) -> bool:
        with contextlib.suppress(httpx2.TransportError):
            return httpx2.get(f"{self.url}/health", trust_env=False).status_code == httpx2.codes.OK
        return False

    def _python(self, *arguments: str, **more: str) -> str:
        done = self._run(*arguments, **more)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}\n{self.log()}"
        return done.stdout

    def _run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {**self._environment, **more}
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
