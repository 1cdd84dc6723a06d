"""How many attempts of one connector are under way at once; the rest wait in order, and too many are refused."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

from connectors.errors import OverloadedError
from connectors.kernel.policy import BulkheadPolicy


class Bulkhead:
    """Places for attempts. ``enter`` and ``leave`` frame each attempt; taking a free place costs no await."""

    def __init__(self, connector: str, policy: BulkheadPolicy) -> None:
        self._connector = connector
        self._policy = policy
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._used = 0

    @property
    def used(self) -> int:
        return self._used

    async def enter(self) -> None:
        """Take a place, waiting for one in order of arrival.

        Raises ``OverloadedError`` at once when too many wait already. Cancelled while waiting, nothing is held.
        """
        if self._used < self._policy.max_concurrent:
            self._used += 1
            return
        if len(self._waiting) >= self._policy.max_waiting:
            raise OverloadedError(
                f"{self._connector} has {self._used} calls under way and {len(self._waiting)} waiting"
            )
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()  # the place was handed over in the same moment
            else:
                with contextlib.suppress(ValueError):  # `leave` may have passed over it in this very moment
                    self._waiting.remove(place)
            raise

    def leave(self) -> None:
        """Give the place back, to whoever has waited longest."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)  # the place changes hands; the count stays
                return
        self._used -= 1
