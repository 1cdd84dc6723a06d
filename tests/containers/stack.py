"""What `make up` starts, in a copy of the checkout and on free ports."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
_POLL_S = 0.2
_FIRST_PORT = 20_000  # services with a number of their own are mostly below


def free_ports(count: int) -> list[int]:
    """Below those that the kernel gives away by itself: images are built for minutes before a port is taken."""
    given_away = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    candidates = list(range(_FIRST_PORT, int(given_away[0])))
    random.shuffle(candidates)
    free: list[int] = []
    while len(free) < count:
        port = candidates.pop()
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            free.append(port)
    return free


def copy_checkout(target: Path) -> None:
    """The files that git knows or would take; the keys `make up` makes then land in the copy."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        source = ROOT / name
        if source.is_file():  # a file deleted but not committed is still listed
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    for name in (".git", ".venv"):
        (target / name).symlink_to(ROOT / name)


class Stack:
    def __init__(self, folder: Path) -> None:
        self.root = folder / "frontdesk"
        copy_checkout(self.root)
        self.control_plane_port, self.data_plane_port, second, self.postgres_port, http, self.ingress_port = free_ports(
            6
        )
        inherited = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL"}}
        self._environment = inherited | {
            "COMPOSE_PROJECT_NAME": "frontdesk-test",  # not that of a stack somebody really uses
            "CONTROL_PLANE_PORT": str(self.control_plane_port),
            "DATA_PLANE_PORT": str(self.data_plane_port),
            "SECOND_DATA_PLANE_PORT": str(second),
            "POSTGRES_PORT": str(self.postgres_port),
            "INGRESS_HTTP_PORT": str(http),
            "INGRESS_HTTPS_PORT": str(self.ingress_port),
            "FRONTDESK_NET": "10.203",
            "FLEET": "1",  # the orchestrator as well
            "FRONTDESK_UP_PATIENCE_S": "600",  # also on a machine that is busy with other things
        }
        self._is_up = False
        self._never_came_up = False

    @property
    def control_plane(self) -> str:
        return f"http://localhost:{self.control_plane_port}"

    @property
    def data_plane(self) -> str:
        return f"http://localhost:{self.data_plane_port}"

    def ensure_up(self) -> None:
        """Raises ``AssertionError`` when it does not come up; the second time at once."""
        if not self._is_up:
            assert not self._never_came_up, "it did not come up before, see the first failure"
            self._never_came_up = True
            self.make("up")
            self._never_came_up = False
            self._is_up = True

    def make(self, verb: str) -> str:
        """``make VERB`` without its set-up, which the checkout had; its output, which is shown when it fails."""
        self._is_up = False
        done = subprocess.run(
            ["make", "--old-file=setup", verb],
            cwd=self.root,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"make {verb} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def commit(self) -> str:
        asked = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return asked.stdout.strip()

    def container(self, service: str) -> str:
        return podman("ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.service={service}").strip()

    def inside(self, service: str, *command: str) -> str:
        return podman("exec", self.container(service), *command)

    def crash(self, service: str) -> None:
        """``kill -9`` from outside, which no container engine takes for a wish."""
        process = int(podman("inspect", "--format", "{{.State.Pid}}", self.container(service)))
        assert process > 0, f"{service} is not running"  # 0 would stand for this process's whole group
        os.kill(process, signal.SIGKILL)


def podman(*arguments: str) -> str:
    done = subprocess.run(["podman", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"podman {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


def until(is_so: Callable[[], bool], what: str, *, patience_s: float = PATIENCE_S) -> None:
    """Wait until ``is_so``; ``what`` is said when it never is."""
    deadline = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < deadline, f"not within {patience_s:.0f} s: {what}"
        time.sleep(_POLL_S)


def health(address: str) -> dict[str, Any] | None:
    """The health of a plane, None when nobody answers or it is not ready."""
    try:
        answer = httpx2.get(f"{address}/health", trust_env=False)
    except httpx2.TransportError:
        return None
    body: dict[str, Any] = answer.json()
    return body if answer.status_code == 200 and body.get("ready", True) else None


def becomes_ready(address: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        body = health(address)
        if body is not None:
            return body
        time.sleep(_POLL_S)
    raise AssertionError(f"{address} did not become ready")
