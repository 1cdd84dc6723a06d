"""Waiting for commands: one request that the control plane holds open until there is something."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import random
from typing import Final, Protocol

from runtime.bundles.pacing import PollPacing, pause_s
from runtime.errors import ControlPlaneError
from runtime.ports.command_store import Command

WAIT_S: Final = 25
"""Proxies cut what is silent for thirty seconds."""

NO_LONG_POLL_S: Final = 300.0
"""An older control plane has no such address; commands still come with the answers to reports."""

SHORTEST_PAUSE_S: Final = 1.0
"""A control plane that answers at once instead of waiting is asked once a second, not in a busy loop."""


class CommandSource(Protocol):
    """What the feed needs of ``ControlPlaneClient``."""

    async def commands(self, wait_s: int) -> Sequence[Command]: ...


async def feed(
    source: CommandSource,
    receive: Callable[[Sequence[Command]], Awaitable[None]],
    pacing: PollPacing,
    *,
    jitter: Callable[[], float] = random,
) -> None:
    """Ask until cancelled. Faults are the reporter's to tell: it meets the same control plane more often."""
    failures = 0
    while True:
        try:
            await receive(await source.commands(WAIT_S))
            failures, pause = 0, min(SHORTEST_PAUSE_S, pacing.interval_s)
        except ControlPlaneError as error:
            failures += 1
            pause = pause_s(pacing, failures, jitter())
            if error.code == "http_404":
                pause = NO_LONG_POLL_S
            pause = error.retry_after_s or pause
        await asyncio.sleep(pause)
