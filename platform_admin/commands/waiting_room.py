"""Where runtimes wait for something to do: any number of them, one look at the queue.

While somebody waits one task looks, and wakes those for whom something is queued; the others sleep on, so that a
thousand that wait cost no more than one. A command is noticed within one interval of being queued, by whatever process.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

LOOK_EVERY_S: Final = 0.5
"""A staff reply is to be with the customer within 5 s; half a second leaves the rest to the network."""

_LOG = logging.getLogger(__name__)


class WaitingRoom:
    """``look`` returns the keys of tenants for which something is queued."""

    def __init__(self, look: Callable[[], Awaitable[frozenset[int]]], *, every_s: float = LOOK_EVERY_S) -> None:
        self._look = look
        self._every_s = every_s
        self._looked_at = float("-inf")
        self._found: frozenset[int] = frozenset()
        self._waiting: dict[int, set[asyncio.Future[bool]]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def wait_for(self, tenant_id: int, *, seconds: float) -> bool:
        """Whether something is queued for the tenant; returns at once if so, else after ``seconds`` at the latest."""
        if time.monotonic() - self._looked_at < self._every_s:
            if tenant_id in self._found or seconds <= 0:
                return tenant_id in self._found
        elif seconds <= 0:
            self._looked_at = time.monotonic()
            self._found = await self._look()
            return tenant_id in self._found
        mine: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant_id, set()).add(mine)
        self._have_somebody_look()
        try:
            async with asyncio.timeout(seconds):
                return await mine
        except TimeoutError:
            return False
        finally:
            self._leave(tenant_id, mine)

    def _leave(self, tenant_id: int, mine: asyncio.Future[bool]) -> None:
        others = self._waiting[tenant_id]
        others.discard(mine)
        if not others:
            del self._waiting[tenant_id]

    def _have_somebody_look(self) -> None:
        looking = self._looking
        if looking is None or looking.done() or looking.get_loop() is not asyncio.get_running_loop():
            self._looking = asyncio.create_task(self._look_on(), name="look into the queue")

    async def _look_on(self) -> None:
        while self._waiting:
            try:
                found = await self._look()
            except Exception:  # noqa: BLE001 - whatever it is, it is logged
                # Whoever waits goes on waiting: the next look may succeed, and they come again in any case.
                _LOG.exception("the queue of commands cannot be looked at")
                found = frozenset()
            self._looked_at, self._found = time.monotonic(), found
            for tenant_id in found & self._waiting.keys():
                for one in self._waiting[tenant_id]:
                    if not one.done():
                        one.set_result(True)
            await asyncio.sleep(self._every_s)
