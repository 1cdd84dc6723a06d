"""``Arrivals``: whether so many deliveries wait for their acknowledgement that all other work must step back.

A provider judges a runtime by how soon it acknowledges: what takes too long is delivered again, and in the end not at
all. What is stored already has time. So in a crowd a turn or a send begins only after so many deliveries: a share of
the work rather than a number of workers, for most of these wait for somebody else and take nothing from anybody.
"""

from __future__ import annotations

import asyncio
from typing import Final, Protocol

CROWD: Final = 24
"""Deliveries under way at once. A commit takes some four hundred microseconds, so ordinary days see two or three."""

CALM_AFTER_S: Final = 0.05
"""So long after the last crowd it is over. A commit answers all that wait, and for a moment none is under way."""

DELIVERIES_A_TURN: Final = 32
"""A turn with its send takes as long as some twenty deliveries: more than half of a crowd's time goes to deliveries."""


class StepsBack(Protocol):
    """Work that makes room for deliveries."""

    def begin_one(self) -> None:
        """Begin one more piece of work, although there is a crowd."""
        ...

    def begin_all(self) -> None:
        """The crowd is over."""
        ...


class Arrivals:
    """Counts deliveries while they are being stored: ``with arrivals:`` around each of them."""

    def __init__(self) -> None:
        self.crowded = False
        self._behind: list[StepsBack] = []
        self._under_way = 0
        self._since_turn = 0
        self._last_crowd = 0.0

    def go_before(self, work: StepsBack) -> None:
        """Have ``work`` told when it may go on."""
        self._behind.append(work)

    def __enter__(self) -> None:
        self._under_way += 1
        if self._under_way >= CROWD:
            self._crowd()
        if self.crowded:
            self._since_turn += 1
            if self._since_turn >= DELIVERIES_A_TURN:
                self._since_turn = 0
                for work in self._behind:
                    work.begin_one()

    def __exit__(self, *_: object) -> None:
        self._under_way -= 1

    def _crowd(self) -> None:
        loop = asyncio.get_running_loop()
        self._last_crowd = loop.time()
        if not self.crowded:
            self.crowded = True
            loop.call_later(CALM_AFTER_S, self._look)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        left = self._last_crowd + CALM_AFTER_S - loop.time()
        if left > 0:
            loop.call_later(left, self._look)
            return
        self.crowded = False
        for work in self._behind:
            work.begin_all()
