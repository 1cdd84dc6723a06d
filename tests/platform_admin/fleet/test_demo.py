"""The demo as a newcomer runs it: one command, a box, a first reply, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from platform_admin.fleet.drivers.process import port_is_taken

ROOT = Path(__file__).parents[3]
PATIENCE_S = 120


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Demo:
    """``manage.py demo`` on free ports, in a folder of its own."""

    def __init__(self, state: Path, *, runtime_port: int | None = None) -> None:
        self.control_plane_port, self.runtime_port = free_port(), runtime_port or free_port()
        self.lines: list[str] = []
        ports = ("--control-plane-port", str(self.control_plane_port), "--runtime-port", str(self.runtime_port))
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--state", str(state), *ports],
            cwd=ROOT,
            env={**kept, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._watchdog = threading.Timer(PATIENCE_S, self.process.kill)
        self._watchdog.start()

    def read_until(self, words: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if words in line:
                return
        pytest.fail("\n".join([f"{words!r} never came:", *self.lines]))

    def stop(self) -> int:
        assert self.process.stdout is not None
        self.process.send_signal(signal.SIGINT)
        self.lines += self.process.stdout.read().splitlines()
        return self.end()

    def end(self) -> int:
        status = self.process.wait(PATIENCE_S)
        self._watchdog.cancel()
        if self.process.stdout is not None:
            self.process.stdout.close()
        return status

    def ask(self, path: str, body: dict[str, str] | None = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.runtime_port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own loopback address
            return json.load(answer)

    def first_reply(self) -> str:
        pause = threading.Event()
        for _ in range(PATIENCE_S * 10):
            messages = self.ask("/messages?contact_id=user_1")
            if messages:
                return str(messages[0]["text"])
            pause.wait(0.1)
        pytest.fail("no reply came")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path / "demo")
    yield demo
    if demo.process.poll() is None:
        demo.process.send_signal(signal.SIGINT)
        demo.end()


def test_one_command_leads_to_the_first_reply_and_ctrl_c_stops_everything(demo: Demo) -> None:
    demo.read_until("Ctrl-C stops everything")
    assert demo.ask("/health")["serial"] == 1
    demo.ask("/inbound", {"contact_id": "user_1", "text": "hello"})
    assert demo.first_reply().startswith("¡Hola! 👋 Soy el asistente de Peluquería Luna.")
    assert demo.stop() == 0
    assert demo.lines[-1] == "stopped"
    assert not port_is_taken("127.0.0.1", demo.control_plane_port)
    assert not port_is_taken("127.0.0.1", demo.runtime_port)


def test_a_second_start_leads_the_runtime_to_its_own_fake_graph(demo: Demo, tmp_path: Path) -> None:
    demo.read_until("Ctrl-C stops everything")
    assert told_graph(tmp_path / "demo") == shown_graph(demo)
    assert demo.stop() == 0
    second = Demo(tmp_path / "demo", runtime_port=demo.runtime_port)
    try:
        second.read_until("Ctrl-C stops everything")
        assert told_graph(tmp_path / "demo") == shown_graph(second) != shown_graph(demo)
    finally:
        assert second.stop() == 0


def shown_graph(demo: Demo) -> str:
    row = next(line for line in demo.lines if "Sent to WhatsApp (fake)" in line)
    return row.strip("│ ").split()[-1].rstrip("/")


def told_graph(state: Path) -> str:
    """What the runtime's process was started with."""
    pid = (state / "tenants" / "luna" / "state" / "runtime.pid").read_text().split()[0]
    environment = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return next(value.removeprefix("GRAPH_BASE_URL=") for value in environment if value.startswith("GRAPH_BASE_URL="))


def test_the_password_is_shown_and_stored_nowhere_in_clear(demo: Demo, tmp_path: Path) -> None:
    demo.read_until("Ctrl-C stops everything")
    row = next(line for line in demo.lines if "password" in line)
    password = row.strip("│ ").split()[-1]
    assert len(password) == 16
    files = [path for path in (tmp_path / "demo").rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if password.encode() in path.read_bytes()] == []


def test_a_taken_port_is_named_in_one_line_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = [sys.executable, "manage.py", "demo", "--state", str(tmp_path / "demo"), "--runtime-port", str(port)]
        command += ["--control-plane-port", str(free_port())]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"CommandError: Port {port} is in use, but the runtime needs it. Stop the program that listens there first.\n"
    )
