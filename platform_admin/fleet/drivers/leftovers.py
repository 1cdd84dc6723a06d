"""Children of a supervisor that was killed: found again by a note on disk, and ended before new ones start.

A note names the child and its supervisor, each by its id *and* its start time, so an id that the system has given to
somebody else meanwhile is never signalled, and neither is the child of a supervisor that lives. Where /proc is absent
nothing is ever taken for ours.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

_START_TIME_FIELD = 19  # of /proc/<pid>/stat, counted after the command's closing parenthesis: starttime, proc(5)
_POLL_S = 0.05


def note(path: Path, pid: int) -> None:
    """Remember a child that this process just started."""
    path.write_text(f"{pid} {_start_time(pid)} {os.getpid()} {_start_time(os.getpid())}\n")


def forget(path: Path) -> None:
    """One that cannot be taken away names a process that is gone."""
    with contextlib.suppress(OSError):
        path.unlink()


def end_leftover(path: Path, *, deadline_s: float) -> bool:
    """End the process that a dead supervisor noted, if it still lives. Returns whether there was one."""
    child, supervisor = _noted(path)
    if _lives(supervisor):
        return False
    if not _lives(child):
        forget(path)
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child[0], number)
        until = time.monotonic() + deadline_s
        while _lives(child) and time.monotonic() < until:
            time.sleep(_POLL_S)
    forget(path)
    return True


type _Process = tuple[int, str]
"""Id and start time."""

_NOBODY: _Process = (0, "")


def _noted(path: Path) -> tuple[_Process, _Process]:
    try:
        pid, start_time, supervisor_pid, supervisor_start_time = path.read_text().split()
    except (OSError, ValueError):
        return _NOBODY, _NOBODY
    return (int(pid), start_time), (int(supervisor_pid), supervisor_start_time)


def _lives(process: _Process) -> bool:
    pid, start_time = process
    return bool(start_time) and _start_time(pid) == start_time


def _start_time(pid: int) -> str:
    """Empty for a process that is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[_START_TIME_FIELD]
