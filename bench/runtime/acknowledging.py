"""From a signed delivery to its 200, everything on disk, against an application that keeps nothing.

Idle: nobody works on what is stored. Busy: each message has its turn, and its reply is accepted by a raw Graph API;
deliveries come in waves, so that the backlog stays within a bound, until each has its reply. ``ack_ratio_busy`` counts
the time of the waves: how fast is acknowledged while turns run. ``ack_ratio_answered`` counts the pauses between them
too, in which only turns run; it cannot pass turns a second over acknowledgements a second.
"""

from __future__ import annotations

from collections.abc import Iterable

from bench.figure import Figure, figure
from bench.runtime.contestant import deliveries, deliveries_with_turns, serving

ROUNDS = 5  # the bare app alone differs by a fifth from round to round: of three the median still wanders
CONNECTIONS = 64
MESSAGES = 12_000
CONTACTS = 2_000
BACKLOG = 1_000
"""While turns run, so many messages wait for their reply at most, none of them from a customer who waits already."""
GRAPH_HEADROOM = 3


def main() -> Iterable[Figure]:
    bare, idle, busy = [], [], []
    for _ in range(ROUNDS):
        with serving("bare") as port:
            bare.append(_deliver(port, MESSAGES))
        with serving("ours", "idle") as port:
            idle.append(_deliver(port, MESSAGES))
        busy.append(
            deliveries_with_turns(
                "ours", connections=CONNECTIONS, messages=MESSAGES, contacts=CONTACTS, backlog=BACKLOG
            )
        )
    yield figure(
        "runtime.bare_acks_per_s_c64", [run["per_s"] for run in bare], unit="1/s", against="printed: the limit"
    )
    yield figure("runtime.acks_per_s_c64", [run["per_s"] for run in idle], unit="1/s", against="printed")
    yield figure("runtime.ack_ratio_c64", _ratios(idle, bare, "per_s"), unit="x", against=">= 0.70")
    yield from _busy(busy, bare)
    yield figure("runtime.ack_p99_ratio", _ratios(idle, bare, "p99_ms"), unit="x", against="<= 3")


def _busy(busy: list[dict[str, float]], bare: list[dict[str, float]]) -> Iterable[Figure]:
    turns, capacity = _of(busy, "turns_per_s"), _of(busy, "graph_capacity_per_s")
    assert min(capacity) >= GRAPH_HEADROOM * max(turns), "the Graph API of this bench is what was measured"
    in_waves = [one["per_s_let_in"] / other["per_s"] for one, other in zip(busy, bare, strict=True)]
    yield figure("runtime.ack_ratio_busy", in_waves, unit="x", against=">= 0.40, turns running, backlog bounded")
    answered = _ratios(busy, bare, "per_s")
    yield figure("runtime.ack_ratio_answered", answered, unit="x", against="printed: delivery to the last reply")
    yield figure("runtime.ack_busy_turns_per_s", turns, unit="1/s", against="printed: delivery to the last reply")
    yield figure(
        "runtime.ack_busy_backlog",
        _of(busy, "backlog"),
        unit="messages",
        against=f"printed: bound {BACKLOG}, and at most {CONNECTIONS} under way",
    )
    generator = _of(busy, "generator_cores")
    yield figure("runtime.ack_busy_generator_cores", generator, unit="cores", against="printed: far below 1")


def _of(runs: list[dict[str, float]], key: str) -> list[float]:
    return [run[key] for run in runs]


def _deliver(port: int, messages: int) -> dict[str, float]:
    return deliveries(port, connections=CONNECTIONS, messages=messages, contacts=CONTACTS)


def _ratios(ours: list[dict[str, float]], theirs: list[dict[str, float]], key: str) -> list[float]:
    """Round by round, so that both met the same machine."""
    return [one[key] / other[key] for one, other in zip(ours, theirs, strict=True)]
