"""Where runtimes wait for something to do: any number of them, one look at the queue.

No task runs in the background. Whoever finds the last look too old looks for everyone; if that one is cancelled
meanwhile, the next one does. A command is therefore noticed within one interval of being queued, by whatever process.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

LOOK_EVERY_S: Final = 0.5
"""A staff reply is to be with the customer within 5 s; half a second leaves the rest to the network."""


class WaitingRoom:
    """``look`` returns the keys of tenants for which something is queued."""

    def __init__(self, look: Callable[[], Awaitable[frozenset[int]]], *, every_s: float = LOOK_EVERY_S) -> None:
        self._look = look
        self._every_s = every_s
        self._looked_at = float("-inf")
        self._found: frozenset[int] = frozenset()

    async def wait_for(self, tenant_id: int, *, seconds: float) -> bool:
        """Whether something is queued for the tenant; returns at once if so, else after ``seconds`` at the latest."""
        deadline = time.monotonic() + seconds
        while True:
            await self._look_if_due()
            left = deadline - time.monotonic()
            if tenant_id in self._found or left <= 0:
                return tenant_id in self._found
            await asyncio.sleep(min(self._every_s, left))

    async def _look_if_due(self) -> None:
        now = time.monotonic()
        if now - self._looked_at >= self._every_s:
            self._looked_at = now
            self._found = await self._look()
