"""From a signed delivery to its 200, everything on disk, against an application that keeps nothing."""

from __future__ import annotations

from collections.abc import Iterable

from bench.figure import Figure, figure
from bench.runtime.contestant import deliveries, serving

ROUNDS = 3
CONNECTIONS = 64
MESSAGES = 12_000
BUSY_MESSAGES = 6_000
"""All of them are the backlog at most, while turns run."""
CONTACTS = 2_000


def main() -> Iterable[Figure]:
    bare, idle, busy = [], [], []
    for _ in range(ROUNDS):
        with serving("bare") as port:
            bare.append(_deliver(port, MESSAGES))
        with serving("ours", "idle") as port:
            idle.append(_deliver(port, MESSAGES))
        with serving("ours") as port:
            busy.append(_deliver(port, BUSY_MESSAGES))
    yield figure(
        "runtime.bare_acks_per_s_c64", [run["per_s"] for run in bare], unit="1/s", against="printed: the limit"
    )
    yield figure("runtime.acks_per_s_c64", [run["per_s"] for run in idle], unit="1/s", against="printed")
    yield figure("runtime.ack_ratio_c64", _ratios(idle, bare, "per_s"), unit="x", against=">= 0.70")
    yield figure("runtime.ack_ratio_busy", _ratios(busy, bare, "per_s"), unit="x", against=">= 0.40, turns running")
    yield figure("runtime.ack_p99_ratio", _ratios(idle, bare, "p99_ms"), unit="x", against="<= 3")


def _deliver(port: int, messages: int) -> dict[str, float]:
    return deliveries(port, connections=CONNECTIONS, messages=messages, contacts=CONTACTS)


def _ratios(ours: list[dict[str, float]], theirs: list[dict[str, float]], key: str) -> list[float]:
    """Round by round, so that both met the same machine."""
    return [one[key] / other[key] for one, other in zip(ours, theirs, strict=True)]
