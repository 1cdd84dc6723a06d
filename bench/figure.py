"""One measured figure, as every benchmark reports it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` is the median of the rounds in ``unit``; ``against`` says what it is to be judged by."""

    name: str
    value: float
    unit: str
    against: str
    rounds: int
    min: float
    max: float


def figure(name: str, rounds: Sequence[float], *, unit: str, against: str) -> Figure:
    """Sum up the rounds of one measurement, all in ``unit``."""
    return Figure(name, statistics.median(rounds), unit, against, len(rounds), min(rounds), max(rounds))
