"""What has been acknowledged and not answered yet, kept within a bound."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Backlog:
    """Lets deliveries in until ``bound`` messages wait for their reply, and again once half of them have it.

    Requests under way when the bound is reached still come on top: at most one for each connection.
    """

    def __init__(self, bound: int, expected: int, connections: int) -> None:
        self._bound = bound
        self._expected = expected
        self._connections = connections
        self._acknowledged = 0
        self._answered = 0
        self._full = False
        self._held: list[Callable[[], None]] = []
        self._let_in_since: float | None = time.perf_counter()
        self._let_in_s = 0.0
        self.most = 0
        self.all_answered = asyncio.Event()

    def acknowledged(self, go_on: Callable[[], None]) -> None:
        """One more message is the runtime's; the next is sent now or when replies have made room."""
        self._acknowledged += 1
        waiting = self._acknowledged - self._answered
        self.most = max(self.most, waiting)
        self._full = self._full or waiting >= self._bound
        if not self._full:
            go_on()
            return
        self._held.append(go_on)
        if len(self._held) == self._connections:
            self.delivered()

    def answered(self, _phone: str) -> None:
        self._answered += 1
        if self._answered == self._expected:
            self.all_answered.set()
        if self._full and self._acknowledged - self._answered <= self._bound // 2:
            self._full, held, self._held = False, self._held, []
            self._let_in_since = self._let_in_since or time.perf_counter()
            for go_on in held:
                go_on()

    def delivered(self) -> float:
        """No delivery is under way; for how many seconds some were, so far."""
        if self._let_in_since is not None:
            self._let_in_s += time.perf_counter() - self._let_in_since
            self._let_in_since = None
        return self._let_in_s
