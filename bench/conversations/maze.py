"""Flows of any number of states, and the same walk through each of them."""

from __future__ import annotations

from bench.conversations.recording import Recorder, Recording
from flow_engine.program import ProgramSettings, load_program
from flow_engine.vocabulary import JSONObject

STEPS = 2_000
"""Taps of one walk. They lead through a large flow's states with hardly one twice."""

STRIDES = (1, 7, 1_229)
"""How far the three ways out of a state lead; prime, so that a walk spreads over the whole flow."""


def maze(size: int) -> JSONObject:
    """A normalised program in which every state greets, offers three ways out and falls back to the first state."""
    return {
        "language_version": 1,
        "id": "maze",
        "initial_state": "S0",
        "global_transitions": [],
        "states": {f"S{number}": _state(number, size) for number in range(size)},
        "tasks": {},
        "standing_schedules": [],
    }


def record_walk(size: int) -> Recording:
    recorder = Recorder(load_program(maze(size), ProgramSettings()), {})
    recorder.type("hello")
    place = 0
    for step in range(STEPS):
        place = (place + STRIDES[step % len(STRIDES)]) % size
        recorder.tap(f"to_{step % len(STRIDES)}")
    return recorder.recording(f"S{place}")


def _state(number: int, size: int) -> JSONObject:
    targets = [f"S{(number + stride) % size}" for stride in STRIDES]
    return {
        "on_enter": [
            {
                "action": "send_interactive_buttons",
                "body": f"Hello {{{{ contact.name }}}}, this is room {number}. Where to?",
                "buttons": [{"id": f"to_{way}", "title": f"To {target}"} for way, target in enumerate(targets)],
                "header": None,
                "footer": None,
            }
        ],
        "transitions": [
            {
                "on_payload": f"to_{way}",
                "on_payload_prefix": None,
                "extract_suffix_as": None,
                "on_type": None,
                "condition": None,
                "set_data": {"room": number},
                "target": target,
            }
            for way, target in enumerate(targets)
        ],
        "fallback": "S0",
        "llm_fallback": False,
    }
