"""How many people went which way: the figures on the map, from what the runtime counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flow_engine.vocabulary import JSONObject

ENOUGH: Final = 20
"""People of a step below which a share says nothing; with twenty, one more or less is five points."""

type Labelled = Sequence[tuple[Mapping[str, str], int]]
"""Counts with their labels, as ``observability.figures.label_sums`` gives them."""


@dataclass(frozen=True, slots=True)
class WayFigure:
    """``share`` are the people of the step who went this way, in percent; ``drop``: here most are lost."""

    source: str
    target: str
    people: int
    share: int
    drop: bool = False

    def as_json(self) -> JSONObject:
        return {
            "source": self.source,
            "target": self.target,
            "people": self.people,
            "share": self.share,
            "drop": self.drop,
        }


def people_on_ways(entered: Labelled, went: Labelled, renamed: Mapping[str, str]) -> tuple[WayFigure, ...]:
    """``entered`` counts by ``state``, ``went`` by ``from`` and ``to``; ``renamed`` says what old names are now.

    A step loses the share of its people who went nowhere; the worst one with enough people is marked on the way that
    most of those who stayed took.
    """
    people = Counter[str]()
    for labels, count in entered:
        people[_now(labels.get("state", ""), renamed)] += count
    ways = Counter[tuple[str, str]]()
    for labels, count in went:
        ways[_now(labels.get("from", ""), renamed), _now(labels.get("to", ""), renamed)] += count
    gone = Counter[str]()
    for (source, _target), count in ways.items():
        gone[source] += count
    worst = _worst(people, gone)
    busiest = max((way for way in ways if way[0] == worst), key=lambda way: (ways[way], way), default=None)
    return tuple(
        WayFigure(source, target, count, _share(count, max(people[source], gone[source])), (source, target) == busiest)
        for (source, target), count in sorted(ways.items())
    )


def _worst(people: Counter[str], gone: Counter[str]) -> str | None:
    """The step that the largest share of its people does not leave by any way, if any are lost at all."""
    shares = {step: gone[step] / count for step, count in people.items() if count >= ENOUGH and 0 < gone[step] < count}
    return min(shares, key=lambda step: (shares[step], step), default=None)


def _share(count: int, whole: int) -> int:
    return round(100 * count / whole) if whole else 0


def _now(name: str, renamed: Mapping[str, str]) -> str:
    return renamed.get(name, name)
