"""Stretches of time and what can be done with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time, end excluded. Aware datetimes."""

    start: datetime
    end: datetime

    def overlaps(self, other: Interval) -> bool:
        return self.start < other.end and other.start < self.end


def saturated(intervals: Iterable[Interval], capacity: int) -> list[Interval]:
    """Where at least ``capacity`` of ``intervals`` go on at once, in order; neighbours that touch are one."""
    edges = [(interval.start, 1) for interval in intervals] + [(interval.end, -1) for interval in intervals]
    found: list[Interval] = []
    going_on = 0
    full_since: datetime | None = None
    for instant, change in sorted(edges, key=lambda edge: (edge[0], -edge[1])):  # one may begin where another ends
        going_on += change
        if going_on >= capacity and full_since is None:
            full_since = instant
        elif going_on < capacity and full_since is not None:
            if full_since < instant:
                found.append(Interval(full_since, instant))
            full_since = None
    return found


def without(intervals: Sequence[Interval], hole: Interval) -> list[Interval]:
    """``intervals`` less ``hole``."""
    left: list[Interval] = []
    for interval in intervals:
        if not interval.overlaps(hole):
            left.append(interval)
            continue
        if interval.start < hole.start:
            left.append(Interval(interval.start, hole.start))
        if hole.end < interval.end:
            left.append(Interval(hole.end, interval.end))
    return left
