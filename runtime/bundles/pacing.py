"""How long to wait between two questions to the control plane. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PollPacing:
    """Seconds between two questions.

    ``interval_s``: how long a published release may take to be noticed; a hundred runtimes make seven requests a second
    of it, nearly all answered with 304. ``first_pause_s`` doubles with every failure up to ``longest_pause_s``.
    """

    interval_s: float = 15.0
    first_pause_s: float = 1.0
    longest_pause_s: float = 60.0


def pause_s(pacing: PollPacing, failures: int, jitter: float) -> float:
    """Full jitter after failures (0 to the doubled pause), so that runtimes spread out after an outage.

    While all is well the interval varies by a half either way, for the same reason.
    """
    if not failures:
        return pacing.interval_s * (0.5 + jitter)
    # The exponent is bounded because 2.0 ** 1024 overflows after three weeks of outage.
    return min(pacing.longest_pause_s, pacing.first_pause_s * 2.0 ** min(failures - 1, 32)) * jitter
