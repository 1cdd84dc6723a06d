"""From a user's message to the reply at the Graph API, against pywa, which keeps nothing."""

from __future__ import annotations

from collections.abc import Iterable

from bench.figure import Figure, figure
from bench.runtime.contestant import conversations

ROUNDS = 3
USERS = 16
MESSAGES = 4_000
GRAPH_HEADROOM = 3


def main() -> Iterable[Figure]:
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(conversations("ours", users=USERS, messages=MESSAGES))
        theirs.append(conversations("by_pywa", users=USERS, messages=MESSAGES))
    capacity = [run["graph_capacity_per_s"] for run in (*ours, *theirs)]
    fastest = max(run["per_s"] for run in (*ours, *theirs))
    assert min(capacity) >= GRAPH_HEADROOM * fastest, "the Graph API of this bench is what was measured"
    yield figure(
        "runtime.turns_per_s", [run["per_s"] for run in ours], unit="1/s", against="printed: 16 users, durable"
    )
    yield figure("runtime.turn_p99_ms", [run["p99_ms"] for run in ours], unit="ms", against="printed")
    yield figure("runtime.pywa_turns_per_s", [run["per_s"] for run in theirs], unit="1/s", against="printed: stateless")
    yield figure("runtime.graph_capacity_per_s", capacity, unit="1/s", against=">= 3 times the fastest contestant")
    ratios = [one["per_s"] / other["per_s"] for one, other in zip(ours, theirs, strict=True)]
    yield figure("runtime.vs_pywa", ratios, unit="x", against=">= 2")
