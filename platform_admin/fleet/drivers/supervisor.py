"""Keeps one child process alive: its log lines, its restarts, its end. One thread per child.

States: RUNNING ⇄ RESTARTING, either → FAILED (configuration refused), all → STOPPED.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from platform_admin.fleet.driver import RuntimeState
from platform_admin.fleet.drivers.leftovers import forget, note

EXIT_CONFIGURATION = 78
"""EX_CONFIG of sysexits.h: the child says that starting it again cannot help."""


@dataclass(frozen=True, slots=True)
class ChildStatus:
    """``reason`` tells people why a child is not running, and is empty while it is. ``restarts`` since the start."""

    state: RuntimeState
    reason: str = ""
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """All in seconds.

    ``stop_deadline_s``: from SIGTERM to SIGKILL; a turn in flight waits for a connector at most this long (it is a
    container engine's default too). ``first_pause_s`` doubles up to ``longest_pause_s``: quick after one crash, no
    load after a hundred. A child that lived for ``steady_after_s`` counts as healthy: its next crash is a first one.
    """

    stop_deadline_s: float = 10.0
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0
    steady_after_s: float = 60.0


LINES_KEPT = 1000
"""Enough to see why a start failed; a runtime's own log is not kept here."""


class Supervisor:
    """Runs ``command`` in ``folder`` until stopped."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        pid_file: Path,
        on_line: Callable[[str], None],
        policy: RestartPolicy,
    ) -> None:
        self._policy = policy
        self._command = tuple(command)
        self._environment = dict(environment)
        self._folder = folder
        self._pid_file = pid_file
        self._on_line = on_line
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._status = ChildStatus(RuntimeState.RUNNING)
        self._child: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._run, name=f"supervise {pid_file.parent.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """SIGTERM, then SIGKILL after the deadline. Returns when the child is gone."""
        self._stopping.set()
        with self._lock:
            child = self._child
        if child is not None:
            child.terminate()
            try:
                child.wait(self._policy.stop_deadline_s)
            except subprocess.TimeoutExpired:
                child.kill()
        self._thread.join()

    def status(self) -> ChildStatus:
        return self._status

    def lines(self) -> tuple[str, ...]:
        return tuple(self._lines)

    def _run(self) -> None:
        restarts, pause_s = 0, self._policy.first_pause_s
        while not self._stopping.is_set():
            self._status = ChildStatus(RuntimeState.RUNNING, restarts=restarts)
            started = time.monotonic()
            try:
                code = self._run_once()
            except OSError as error:
                reason = f"{self._command[0]} cannot be started: {error.strerror}"
                self._status = ChildStatus(RuntimeState.FAILED, reason, restarts)
                return
            reason = f"ended with status {code}: {self._lines[-1] if self._lines else 'it wrote nothing'}"
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

    def _run_once(self) -> int:
        """Start the child, hand its lines on until it ends, and return its exit status (negative: the signal)."""
        with self._lock:
            if self._stopping.is_set():
                return 0
            child = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                # Its own session: Ctrl-C in our terminal reaches us alone, and we stop the child in order.
                start_new_session=True,
            )
            self._child = child
            note(self._pid_file, child.pid)
        assert child.stdout is not None  # noqa: S101 - asked for above; narrows the type
        with child.stdout:
            for line in child.stdout:
                self._lines.append(line.rstrip("\n"))
                self._on_line(line.rstrip("\n"))
        code = child.wait()
        with self._lock:
            self._child = None
            forget(self._pid_file)
        return code
