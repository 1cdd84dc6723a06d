"""An event loop whose time passes only while it has nothing to do, and that remembers which timers fired.

Minutes of rest take seconds. Sockets and threads are real: they are listened to for a moment before time moves on.
"""

from __future__ import annotations

import asyncio
import selectors
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

LISTEN_S: Final = 0.004
"""Real time in which a thread or a socket may speak up before the next timer is due."""

_ASYNCIO: Final = str(Path(asyncio.__file__).parent)


@dataclass(frozen=True, slots=True)
class Fired:
    """A timer that fired: when it was asked for in the loop's time, by which line, and after how long it was due.

    One that was taken back, as most limits are, woke nobody.
    """

    asked_at_s: float
    by: str
    delay_s: float


class _Skipping(selectors.DefaultSelector):
    """Where nothing is to be heard, the time that would be waited has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        heard = super().select(LISTEN_S)
        if not heard:
            self.now_s += timeout
        return heard


class IdleTimeLoop(asyncio.SelectorEventLoop):
    """``fired`` has every timer that fired, the first to do so first."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        self.fired: list[Fired] = []
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now_s

    def call_at[*Arguments](
        self,
        when: float,
        callback: Callable[[*Arguments], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        timer = Fired(self.time(), _caller(sys._getframe(1)), when - self.time())

        def fire() -> None:
            self.fired.append(timer)
            callback(*args)

        return super().call_at(when, fire, context=context)

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncio's own
        """Without a limit: a thread ends in its own time, and the limit would pass in the played one."""
        await super().shutdown_default_executor(None)

    def between(self, since_s: float, until_s: float) -> list[Fired]:
        return [timer for timer in self.fired if since_s <= timer.asked_at_s < until_s]


def hurried(timers: Iterable[Fired], shortest_s: float) -> dict[str, int]:
    """Whose timers fired again and again after less than ``shortest_s``, and how often."""
    # A sum of floats may fall short of a second by its last digit.
    short = Counter(timer.by for timer in timers if timer.delay_s < shortest_s - 1e-6)
    return {by: count for by, count in short.items() if count > 1}


def _caller(frame: FrameType | None) -> str:
    """The first line that is not asyncio's own, which only passes wishes on."""
    while frame is not None and frame.f_code.co_filename.startswith(_ASYNCIO):
        frame = frame.f_back
    return "asyncio" if frame is None else f"{frame.f_code.co_filename}:{frame.f_code.co_name}:{frame.f_lineno}"
