"""How a test waits for a runtime that a driver has started, and finds its process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from platform_admin.fleet.drivers.supervisor import RestartPolicy

WAIT_S = 20  # far beyond what any of this takes; reached only when something is broken
QUICK = RestartPolicy(stop_deadline_s=WAIT_S, first_pause_s=0.01, longest_pause_s=0.02)


class Log:
    """Collects lines and lets a test wait for the one it needs."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._changed = threading.Condition()

    def __call__(self, tenant: str, line: str) -> None:
        with self._changed:
            self.lines.append((tenant, line))
            self._changed.notify_all()

    def wait_for(self, line: str, *, times: int = 1) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: [text for _, text in self.lines].count(line) >= times, WAIT_S), (
                f"{line!r} never came; there was {self.lines}"
            )

    def wait_for_any(self) -> str:
        with self._changed:
            assert self._changed.wait_for(lambda: bool(self.lines), WAIT_S)
            return self.lines[0][1]


def wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(WAIT_S * 100):
        if condition():
            return
        pause.wait(0.01)
    pytest.fail("it never came true")


def pid_of(state_dir: Path) -> int:
    return int((state_dir / "runtime.pid").read_text().split()[0])


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
