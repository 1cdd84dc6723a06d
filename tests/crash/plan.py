"""Which kill comes where."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

from tests.crash.points import Injection, Point

LAST_CHANCES = 3
"""Kills kept, in the second half of a run, for each point at which nobody was killed so far."""

MOST_PATIENCE = 5
"""Times longer than other lives one may take to a point that was missed again and again: the machine is slow."""

AT_A_POINT = 0.7
"""Of all lives end at an injected point; the others at any moment, some of them while they still start."""

FARTHEST = 40
FARTHEST_OF = {Point.RECOVERED: 1, Point.CALLED: 10, Point.REPORTED: 8, Point.DUE: 2, Point.FIRED: 2}
"""How often a point is passed at most before the kill. Some are reached but a few times in a life of a second."""


class Plan:
    """Iterate for one life after the other: its injection, or ``None`` for a kill at any moment.

    Each point as often as any other, in an order that the seed decides. One that a life did not reach is not counted:
    it comes once more in the next round, and nearer to the life's beginning.
    """

    def __init__(self, kills: int, chance: random.Random) -> None:
        self._kills = kills
        self._chance = chance
        self._waiting: list[Point] = []
        self._missed: list[Point] = []
        self._farthest = {point: FARTHEST_OF.get(point, FARTHEST) for point in Point}
        self.hits: Counter[Point] = Counter()
        self.misses: Counter[Point] = Counter()

    def __iter__(self) -> Iterator[Injection | None]:
        for kill in range(self._kills):
            left, never_hit = self._kills - kill, self.never_hit
            if left <= min(LAST_CHANCES * len(never_hit), self._kills // 2):
                yield Injection(never_hit[left % len(never_hit)], 1)
                continue
            if self._chance.random() >= AT_A_POINT:
                yield None
                continue
            if not self._waiting:
                self._waiting, self._missed = [*Point, *self._missed], []
                self._chance.shuffle(self._waiting)
            point = self._waiting.pop()
            yield Injection(point, 1 + int(self._chance.random() * self._farthest[point]))

    @property
    def never_hit(self) -> list[Point]:
        """Points at which nobody was killed so far."""
        return [point for point in Point if not self.hits[point]]

    def patience(self, point: Point) -> int:
        """How many times longer than usual a life may take to ``point``: once more for each miss until it is hit."""
        return 1 if self.hits[point] else min(1 + self.misses[point], MOST_PATIENCE)

    def note(self, injection: Injection, *, hit: bool) -> None:
        """Tell what came of the last injection."""
        point = injection.point
        if hit:
            self.hits[point] += 1
            farthest = min(2 * injection.nth, FARTHEST_OF.get(point, FARTHEST))
            self._farthest[point] = max(self._farthest[point], farthest)
        else:
            self.misses[point] += 1
            self._farthest[point] = max(injection.nth // 2, 1)
            self._missed.append(point)
