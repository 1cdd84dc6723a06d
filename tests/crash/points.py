"""Where a runtime can be killed: one point between every two steps of a message's way."""

from __future__ import annotations

import os
import signal
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Point(StrEnum):
    """In the order of the way. The number is the one under which docs/reliability.md explains it."""

    VERIFIED = "K1 the signature is right, nothing is stored"
    STORED = "K2 the message is committed, nobody has been told"
    ACKNOWLEDGED = "K3 the 200 has left"
    CLAIMED = "K4 the attempt is counted on disk"
    DECIDED = "K5 the engine has decided, nothing of it is stored"
    CALLED = "K5b the calendar has done its work, its answer is on the way"
    COMMITTED = "K6 the step is committed"
    TAKEN = "K7 the message is marked as being sent"
    ON_THE_WIRE = "K8 the Graph API has accepted it, its answer is on the way"
    ANSWERED = "K9 its answer was read, nothing of it is stored"
    SENT = "K10 the message is recorded as sent"
    REPORTED = "K11 a delivery report is stored"
    DUE = "K12 a task is due, nothing of it is stored"
    FIRED = "K13 the task has entered the inbox, nobody has been told"
    RECOVERED = "K0 a start has taken up what the last run left"


OUTSIDE = frozenset({Point.CALLED, Point.ON_THE_WIRE})
"""Reached in the servers that the runtime talks to; they do the killing."""


@dataclass(frozen=True, slots=True)
class Injection:
    """Die when ``point`` is reached for the ``nth`` time in this life."""

    point: Point
    nth: int


class Trap:
    """Counts what is reached and springs once. Without an injection it only counts."""

    def __init__(self, injection: Injection | None) -> None:
        self._injection = injection
        self._reached: Counter[Point] = Counter()

    def springs(self, point: Point) -> bool:
        """Whether this is the moment."""
        self._reached[point] += 1
        return self._injection == Injection(point, self._reached[point])

    def reach(self, point: Point) -> None:
        """Kill this very process if this is the moment: no handler runs, no buffer is written."""
        if self.springs(point):
            os.kill(os.getpid(), signal.SIGKILL)
