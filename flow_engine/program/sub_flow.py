from __future__ import annotations

from dataclasses import dataclass

from flow_engine.program.taps import Taps
from flow_engine.program.transition import Transition


@dataclass(frozen=True, slots=True)
class SubFlow:
    """A state graph of its own, entered by ``call``. Its states stand among those of the program by their full names.

    A sub-flow sees only what ``inputs`` names, and gives back only what ``outputs`` names.
    """

    name: str
    initial_state: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    global_transitions: tuple[Transition, ...]
    global_taps: Taps | None
