"""``StoreProbe``: whether a store that failed takes writes again, tried when somebody asks and not before."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Final

from runtime.errors import StoreUnavailableError
from runtime.ports.clock import Clock
from runtime.ports.state_store import StateStorePort

PAUSE_S: Final = 1.0
"""Between two tries: a locked file holds the writer for seconds, and whoever asks may ask often."""

PATIENCE_S: Final = 0.5
"""How long an answer about health waits for a try; it goes on besides, and the next answer knows how it ended."""

_KEY: Final = "store.probe"


class StoreProbe:
    """A row is written, because a full disk bears an empty transaction. ``monotonic`` is in seconds."""

    def __init__(self, store: StateStorePort, clock: Clock, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._monotonic = monotonic
        self._tried_at = -PAUSE_S
        self._trying: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """While the last write failed, try one; ``StateStorePort.failure`` tells how it went. Never raises."""
        if self._store.failure is None:
            return
        now = self._monotonic()
        if self._trying is None and now - self._tried_at >= PAUSE_S:
            self._tried_at = now
            self._trying = asyncio.get_running_loop().create_task(self._try(), name="store probe")
        if self._trying is not None:
            await asyncio.wait([self._trying], timeout=PATIENCE_S)

    async def _try(self) -> None:
        try:
            with contextlib.suppress(StoreUnavailableError):
                await self._store.values.set(_KEY, self._clock.now().isoformat().encode())
        finally:
            self._trying = None
