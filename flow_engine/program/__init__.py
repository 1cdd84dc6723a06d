"""The runtime's view of a flow: ``load_program`` turns the normalised JSON into a ``Program`` that ``advance`` runs.

Neither pydantic nor YAML is needed here; a bundle carries the normalised JSON.
"""

from __future__ import annotations

from flow_engine.errors import ProgramError
from flow_engine.program.load import load_program
from flow_engine.program.program import Program, ProgramSettings
from flow_engine.program.standing_schedule import StandingSchedule
from flow_engine.program.state import State
from flow_engine.program.transition import Transition

__all__ = [
    "Program",
    "ProgramError",
    "ProgramSettings",
    "StandingSchedule",
    "State",
    "Transition",
    "load_program",
]
