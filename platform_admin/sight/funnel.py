"""Where people are and where they leave, from the counts of steps entered and of ways taken. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

MOST_STEPS: Final = 30


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """``left`` is how many of ``entered`` took no way on; ``percent`` is the share of the most visited step."""

    state: str
    entered: int
    left: int
    percent: int
    worst: bool = False

    @property
    def left_percent(self) -> int:
        return round(100 * self.left / self.entered) if self.entered else 0


def funnel(
    entered: Iterable[tuple[Mapping[str, str], int]], ways: Iterable[tuple[Mapping[str, str], int]]
) -> tuple[FunnelStep, ...]:
    """Most visited first. ``worst`` marks the step most people leave at, among those that lead on at all."""
    visits = {labels.get("state", ""): count for labels, count in entered}
    onward: dict[str, int] = {}
    for labels, count in ways:
        if labels.get("from") != labels.get("to"):
            onward[labels.get("from", "")] = onward.get(labels.get("from", ""), 0) + count
    most = max(visits.values(), default=0)
    ordered = sorted(visits.items(), key=lambda item: (-item[1], item[0]))[:MOST_STEPS]
    lost = {state: max(count - onward.get(state, 0), 0) for state, count in ordered}
    leading_on = [state for state, _ in ordered if onward.get(state)]
    worst = max(leading_on, key=lambda state: lost[state], default=None)
    return tuple(
        FunnelStep(state, count, lost[state], round(100 * count / most), state == worst and lost[state] > 0)
        for state, count in ordered
    )
