"""Keeps one child process alive: its log lines, its restarts, its end. One thread per child.

States: RUNNING ⇄ RESTARTING, either → FAILED (configuration refused), all → STOPPED.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from platform_admin.fleet.driver import RuntimeState
from platform_admin.fleet.drivers.child import Child, NotStartedError, Starter
from platform_admin.fleet.drivers.leftovers import forget, note

EXIT_CONFIGURATION = 78
"""EX_CONFIG of sysexits.h: the child says that starting it again cannot help."""


_NEVER: Final = (FileNotFoundError, NotADirectoryError, PermissionError)
"""Starting it again cannot help; a machine that has no process or no memory left may have some later."""


@dataclass(frozen=True, slots=True)
class ChildStatus:
    """``reason`` tells people why a child is not running, and is empty while it is. ``restarts`` since the start."""

    state: RuntimeState
    reason: str = ""
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """All in seconds.

    ``stop_deadline_s``: from SIGTERM to SIGKILL; a runtime ends within 20 s by itself (docs/runtime-operations.md).
    ``first_pause_s`` doubles up to ``longest_pause_s``: quick after one crash, no
    load after a hundred. A child that lived for ``steady_after_s`` counts as healthy: its next crash is a first one.
    """

    stop_deadline_s: float = 25.0
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    steady_after_s: float = 60.0


class Supervisor:
    """Has what ``starter`` starts running in ``folder`` until stopped."""

    def __init__(
        self,
        starter: Starter,
        *,
        environment: Mapping[str, str],
        folder: Path,
        pid_file: Path,
        on_line: Callable[[str], None],
        policy: RestartPolicy,
    ) -> None:
        self._policy = policy
        self._starter = starter
        self._environment = dict(environment)
        self._folder = folder
        self._pid_file = pid_file
        self._on_line = on_line
        self._last_line = ""
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._status = ChildStatus(RuntimeState.RUNNING)
        self._child: Child | None = None
        self._thread = threading.Thread(target=self._run, name=f"supervise {pid_file.parent.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """SIGTERM, then SIGKILL after the deadline. Returns when the child is gone."""
        self._stopping.set()
        with self._lock:
            child = self._child
        if child is not None:
            child.send(signal.SIGTERM)
            if not child.ended_within(self._policy.stop_deadline_s):
                child.send(signal.SIGKILL)
        self._thread.join()

    def status(self) -> ChildStatus:
        return self._status

    def _run(self) -> None:
        restarts, pause_s = 0, self._policy.first_pause_s
        while not self._stopping.is_set():
            self._status = ChildStatus(RuntimeState.RUNNING, restarts=restarts)
            started = time.monotonic()
            code: int | None = None
            try:
                code = self._run_once()
                reason = f"ended with {_status(code)}: {self._last_line or 'it wrote nothing'}"
            except OSError as error:
                reason = f"{self._starter.name} cannot be started: {error.strerror}"
                if isinstance(error, _NEVER):
                    self._status = ChildStatus(RuntimeState.FAILED, reason, restarts)
                    return
            except NotStartedError as error:
                reason = str(error)
            if code == EXIT_CONFIGURATION and not self._stopping.is_set():
                self._status = ChildStatus(RuntimeState.FAILED, reason, restarts)
                return
            if time.monotonic() - started >= self._policy.steady_after_s:
                pause_s = self._policy.first_pause_s
            self._status = ChildStatus(RuntimeState.RESTARTING, reason, restarts)
            if self._stopping.wait(pause_s):
                break
            restarts, pause_s = restarts + 1, min(pause_s * 2, self._policy.longest_pause_s)
        self._status = ChildStatus(RuntimeState.STOPPED, restarts=restarts)

    def _run_once(self) -> int | None:
        """Start the child, hand its lines on until it ends, and return its exit status as ``Child.code`` does."""
        with self._lock:
            if self._stopping.is_set():
                return 0
            child = self._starter.start(self._environment, folder=self._folder, born=self._note)
            self._child = child
        for line in child.lines():
            self._last_line = line
            self._on_line(line)
        code = child.code()
        with self._lock:
            self._child = None
            forget(self._pid_file)
        return code

    def _note(self, pid: int) -> None:
        """In a folder that somebody may have deleted meanwhile."""
        try:
            self._pid_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            note(self._pid_file, pid)
        except OSError as error:
            raise NotStartedError(f"{self._pid_file} cannot be written: {error.strerror}") from error


def _status(code: int | None) -> str:
    return "a status that nobody saw" if code is None else f"status {code}"
