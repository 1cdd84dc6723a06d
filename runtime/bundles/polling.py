"""Asking the control plane again and again, politely: calm while all is well, ever rarer while it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from random import random
from typing import Protocol

from runtime.bundles.source import BundleSource, FetchedBundle
from runtime.errors import BundleSourceError


@dataclass(frozen=True, slots=True)
class PollPacing:
    """Seconds between two questions.

    ``interval_s``: how long a published release may take to be noticed; a hundred runtimes make seven requests a second
    of it, nearly all answered with 304. ``first_pause_s`` doubles with every failure up to ``longest_pause_s``.
    """

    interval_s: float = 15.0
    first_pause_s: float = 1.0
    longest_pause_s: float = 60.0


class Keeper(Protocol):
    """What polling needs of ``BundleKeeper``."""

    etag: str | None

    async def offer(self, fetched: FetchedBundle) -> bool: ...

    def note_answer(self) -> None: ...

    def note_fault(self, code: str, reason: str) -> None: ...


async def poll(
    source: BundleSource, keeper: Keeper, pacing: PollPacing, *, jitter: Callable[[], float] = random
) -> None:
    """Ask until cancelled. ``jitter`` gives numbers from 0 up to 1."""
    failures = 0
    while True:
        failures = 0 if await ask_once(source, keeper) else failures + 1
        await asyncio.sleep(pause_s(pacing, failures, jitter()))


async def ask_once(source: BundleSource, keeper: Keeper) -> bool:
    """One question. False when there was no usable answer; the keeper knows why."""
    try:
        fetched = await source.fetch(keeper.etag)
    except BundleSourceError as error:
        keeper.note_fault(error.code, str(error))
        return False
    if fetched is None:
        keeper.note_answer()
        return True
    return await keeper.offer(fetched)


def pause_s(pacing: PollPacing, failures: int, jitter: float) -> float:
    """Full jitter after failures (0 to the doubled pause), so that runtimes spread out after an outage.

    While all is well the interval varies by a half either way, for the same reason.
    """
    if not failures:
        return pacing.interval_s * (0.5 + jitter)
    # The exponent is bounded because 2.0 ** 1024 overflows after three weeks of outage.
    return min(pacing.longest_pause_s, pacing.first_pause_s * 2.0 ** min(failures - 1, 32)) * jitter
