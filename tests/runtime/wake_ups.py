"""How often each thread of a process was woken, as the kernel counts it from outside."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_GAVE_WAY = re.compile(r"^voluntary_ctxt_switches:\s+(\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Window:
    """Each thread's wake-ups between two looks, the first of which began ``lasted_s`` before the second had ended."""

    lasted_s: float
    wake_ups: Mapping[int, int]


def wake_ups_of(pid: int) -> dict[int, int]:
    """Of each thread that lives, since it began. To be woken a thread must have lain down: the kernel counts that.

    What takes the processor from one that runs, as others do on a busy machine, is not among them (proc(5)).
    """
    found = {}
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            (count,) = _GAVE_WAY.findall((thread / "status").read_text(encoding="ascii", errors="replace"))
            found[int(thread.name)] = int(count)
    return found


def most_wake_ups(timers: int, lasted_s: float, *, period_s: float) -> int:
    """By so many timers of this period: one fires at both ends of a window that is a multiple of its period."""
    return timers * (int(lasted_s / period_s) + 1)


def restless(windows: list[Window], *, timers: Mapping[int, int], period_s: float) -> dict[int, int]:
    """Threads that in none of the windows kept to their timers, and how far the quietest went beyond them.

    ``timers`` counts each thread's timers, one where it says nothing. A timer fires in every window; what happens once,
    such as a question to the control plane or a thread that waits for another, leaves some windows alone.
    """
    beyond: dict[int, int] = {}
    for window in windows:
        for thread, count in window.wake_ups.items():
            excess = count - most_wake_ups(timers.get(thread, 1), window.lasted_s, period_s=period_s)
            beyond[thread] = min(excess, beyond.get(thread, excess))
    return {thread: excess for thread, excess in beyond.items() if excess > 0}
