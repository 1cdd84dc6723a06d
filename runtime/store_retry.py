"""Waiting for a store that is away. Whoever holds a half-finished turn or send has nothing better to do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from runtime.errors import StoreUnavailableError

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
"""A full disk is looked at every five seconds; space that returns is used at once, in human terms."""

log = logging.getLogger(__name__)


async def until_stored[T](write: Callable[[], Awaitable[T]]) -> T:
    """Repeat ``write`` until the store takes it. A refused write has stored nothing, so repeating is safe.

    Every other error passes through.
    """
    pause = FIRST_PAUSE_S
    while True:
        try:
            return await write()
        except StoreUnavailableError as fault:
            log.warning("waiting %.1f s for the store: %s", pause, fault)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_S)
