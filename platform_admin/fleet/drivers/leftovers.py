"""Children of a supervisor that was killed: found again by a note on disk, and ended before new ones start.

A note names the process by its id *and* its start time, so an id that the system has given to somebody else meanwhile
is never signalled. Where /proc is absent nothing is ever taken for ours.
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
    """Remember a child that was just started."""
    path.write_text(f"{pid} {_start_time(pid)}\n")


def forget(path: Path) -> None:
    path.unlink(missing_ok=True)


def end_leftover(path: Path, *, deadline_s: float) -> bool:
    """End the process that an earlier supervisor noted, if it still lives. Returns whether there was one."""
    pid = _living(path)
    if pid is None:
        forget(path)
        return False
    for number, patience_s in ((signal.SIGTERM, deadline_s), (signal.SIGKILL, deadline_s)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            if _living(path) is None:
                forget(path)
                return True
            time.sleep(_POLL_S)
    return True


def _living(path: Path) -> int | None:
    try:
        pid, start_time = path.read_text().split()
    except (OSError, ValueError):
        return None
    return int(pid) if start_time and _start_time(int(pid)) == start_time else None


def _start_time(pid: int) -> str:
    """Empty for a process that is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[_START_TIME_FIELD]
