"""Waiting for whichever comes first, and no longer than asked."""

from __future__ import annotations

import asyncio


async def first_of(*events: asyncio.Event, within_s: float) -> None:
    """Return when one of ``events`` is set or the time is over, whichever comes first."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
