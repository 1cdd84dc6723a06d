"""The geometry of small charts; templates draw it as inline SVG. Pure: numbers in, places out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SPARK_WIDTH: Final = 96
SPARK_HEIGHT: Final = 24
CHART_WIDTH: Final = 640
CHART_HEIGHT: Final = 140
_GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """``y`` and ``height`` grow downwards, as SVG counts. ``label`` and ``value`` are told when pointed at."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars. ``summary`` says in words what the picture shows, for who does not see it."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    highest: int
    total: int


def bars(
    values: Sequence[int], labels: Sequence[str] = (), *, width: int = CHART_WIDTH, height: int = CHART_HEIGHT
) -> Bars:
    """One bar a value, all over the width; a value above nought is at least one unit high, so that it is seen."""
    highest = max(values, default=0)
    step = width / max(len(values), 1)
    drawn = []
    for index, value in enumerate(values):
        tall = max(round(height * value / highest, 1), 1.0) if value else 0.0
        label = labels[index] if index < len(labels) else ""
        drawn.append(
            Bar(round(index * step, 2), round(height - tall, 2), round(max(step - _GAP, 1), 2), tall, label, value)
        )
    return Bars(width, height, tuple(drawn), highest, sum(values))


def spark(values: Sequence[int]) -> str:
    """The same in small, as the ``d`` of one SVG path: a page shows a hundred of these."""
    drawn = bars(values, width=SPARK_WIDTH, height=SPARK_HEIGHT).bars
    return "".join(
        f"M{bar.x:g} {SPARK_HEIGHT}v-{bar.height:g}h{bar.width:g}v{bar.height:g}z" for bar in drawn if bar.value
    )


def share(part: int, whole: int) -> int:
    """Per cent, whole numbers; 0 of nothing."""
    return round(100 * part / whole) if whole else 0
