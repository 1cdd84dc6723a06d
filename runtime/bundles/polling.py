"""Asking the control plane again and again, politely: calm while all is well, ever rarer while it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import random
from typing import Protocol

from runtime.bundles.pacing import PollPacing, pause_s
from runtime.bundles.source import BundleSource, FetchedBundle
from runtime.bundles.status import Verdict
from runtime.errors import ControlPlaneError


class Keeper(Protocol):
    """What polling needs of ``BundleKeeper``."""

    etag: str | None

    @property
    def verdict(self) -> Verdict: ...

    async def offer(self, fetched: FetchedBundle) -> bool: ...

    def note_answer(self) -> None: ...

    def note_fault(self, code: str, reason: str) -> None: ...


async def poll(
    source: BundleSource,
    keeper: Keeper,
    pacing: PollPacing,
    *,
    news: Callable[[], None],
    jitter: Callable[[], float] = random,
) -> None:
    """Ask until cancelled. ``news`` is called when another release is live, or refused, than before the question.

    ``jitter`` gives numbers from 0 up to 1.
    """
    failures = 0
    while True:
        before = keeper.verdict
        failures = 0 if await ask_once(source, keeper) else failures + 1
        if keeper.verdict != before:
            news()
        await asyncio.sleep(pause_s(pacing, failures, jitter()))


async def ask_once(source: BundleSource, keeper: Keeper) -> bool:
    """One question. False when there was no usable answer; the keeper knows why."""
    try:
        fetched = await source.fetch(keeper.etag)
    except ControlPlaneError as error:
        keeper.note_fault(error.code, str(error))
        return False
    if fetched is None:
        keeper.note_answer()
        return True
    return await keeper.offer(fetched)
