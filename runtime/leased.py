"""``Leased``: a value in use by several, closed when it has been replaced and the last user is done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager


class Leased[T]:
    """Lets a new configuration take over between two messages while the old one finishes its own."""

    def __init__(self, value: T, close: Callable[[], Awaitable[None]]) -> None:
        self.value = value
        self._close = close
        self._users = 0
        self._unused = asyncio.Event()
        self._unused.set()

    @contextmanager
    def use(self) -> Iterator[T]:
        """Hold the value; it is not closed meanwhile."""
        self._users += 1
        self._unused.clear()
        try:
            yield self.value
        finally:
            self._users -= 1
            if not self._users:
                self._unused.set()

    async def retire(self) -> None:
        """Wait for the last user, then close. Nobody may begin to use it any more."""
        await self._unused.wait()
        await self._close()
