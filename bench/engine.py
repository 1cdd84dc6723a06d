"""What one engine step costs on the shipped hairdresser flow, beside other engines and on a flow of 5,000 states.

A step is one event of a booking (a message or a calendar's answer), from the snapshot's JSON to the new one's, with
matching, rendering, shaping for WhatsApp and trace. Rounds alternate between the contestants, so that a busy machine
slows all of them; the processor's time is counted, for the engine only computes.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from typing import Final

import orjson

from bench.conversations.booking import normalised_flow, record_booking
from bench.conversations.maze import maze, record_walk
from bench.conversations.recording import Recording
from bench.figure import Figure, figure
from bench.peers.by_sismic import SismicPeer
from bench.peers.by_statemachine import StateMachinePeer
from bench.peers.by_transitions import TransitionsPeer
from bench.peers.conversation import Flow
from bench.peers.peer import Peer, book, check_replies
from flow_engine.bundle.canonical import canonical_bytes
from flow_engine.program import ProgramSettings, load_program

ROUNDS: Final = 7
BOOKINGS_PER_ROUND: Final = 200
PEER_BOOKINGS_PER_ROUND: Final = 10
"""Fewer, for they take longer; the cost of each is the same."""

COMPILE_ROUNDS: Final = 3
MANY, FEW = 5_000, 10
"""States of a flow that is larger than any business needs, and of a small one."""

AGAINST_STEP: Final = "<= 20 us, mean over a booking with decode, match, render, degrade, encode and trace"
AGAINST_PEER: Final = ">= {least}: time of {name}, re-hydrated for each event of the same booking, over ours"
LEAST: Final = {"transitions": 2, "statemachine": 15, "sismic": 5}


def main() -> Iterable[Figure]:
    yield from _beside_peers()
    yield _compile()
    yield _growth()


def _beside_peers() -> Iterable[Figure]:
    recording = record_booking()
    flow = Flow(normalised_flow())
    peers: list[Peer] = [TransitionsPeer(flow), StateMachinePeer(flow), SismicPeer(flow)]
    for peer in peers:
        check_replies(peer, recording)
    steps: list[float] = []
    ratios: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for _ in range(ROUNDS):
        own = _time_steps(recording, BOOKINGS_PER_ROUND)
        steps.append(own)
        for peer in peers:
            ratios[peer.name].append(_time_peer(peer, recording) / own)
    yield figure("engine.step_us", [step * 1_000_000 for step in steps], unit="us", against=AGAINST_STEP)
    for peer in peers:
        against = AGAINST_PEER.format(least=LEAST[peer.name], name=peer.name)
        yield figure(f"engine.vs_{peer.name}", ratios[peer.name], unit="ratio", against=against)


def _compile() -> Figure:
    canonical = canonical_bytes(maze(MANY))
    rounds = [_seconds(lambda: load_program(orjson.loads(canonical), ProgramSettings())) for _ in range(COMPILE_ROUNDS)]
    return figure("engine.compile_5000_s", rounds, unit="s", against="<= 1 from the canonical JSON of 5,000 states")


def _growth() -> Figure:
    few, many = record_walk(FEW), record_walk(MANY)
    rounds = [_time_steps(many, 1) / _time_steps(few, 1) for _ in range(ROUNDS)]
    return figure(
        "engine.growth_5000_vs_10", rounds, unit="ratio", against="<= 1.2: a step's cost in 5,000 states over 10"
    )


def _time_steps(recording: Recording, times: int) -> float:
    """Seconds of one step."""
    return _seconds(recording.play, times) / (times * len(recording.events))


def _time_peer(peer: Peer, recording: Recording) -> float:
    seconds = _seconds(lambda: book(peer, recording), PEER_BOOKINGS_PER_ROUND)
    return seconds / (PEER_BOOKINGS_PER_ROUND * len(recording.events))


def _seconds(work: Callable[[], object], times: int = 1) -> float:
    gc.collect()  # what another contestant left behind is not this one's
    began = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - began
