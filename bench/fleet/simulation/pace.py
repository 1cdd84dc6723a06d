"""Whether a simulated fleet kept its pace: one that fell behind asked for less than the fleet it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_ENOUGH: Final = 0.9
"""A tenth is lost to the answers' own time: a pause begins when the answer is there."""

_CHANCE: Final = 3.0
"""Standard deviations of a count that chance spreads over time."""


class FellBehindError(Exception):
    """There is no figure; the message says what came short of what."""


def require_pace(answered: Mapping[str, int], due: Mapping[str, float]) -> None:
    """``due``: kinds of requests, joined by ``+`` where any of them will do → how many the pace asks for.

    Raises:
        FellBehindError: fewer were answered.
    """
    short = list(_short(answered, due))
    if short:
        raise FellBehindError(
            f"The simulated fleet fell behind its pace: {'; '.join(short)}. Play fewer runtimes (BENCH_RUNTIMES), "
            "or on a machine that is less busy."
        )


def _short(answered: Mapping[str, int], due: Mapping[str, float]) -> Sequence[str]:
    found = {kinds: sum(answered.get(kind, 0) for kind in kinds.split("+")) for kinds in due}
    return [
        f"{found[kinds]} {kinds.replace('+', ' or ')} in place of {wanted:.0f}"
        for kinds, wanted in due.items()
        if found[kinds] < _ENOUGH * wanted - _CHANCE * wanted**0.5
    ]
