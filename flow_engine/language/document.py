"""A whole flow."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from flow_engine.language.actions import Actions
from flow_engine.language.construct import Construct, Name
from flow_engine.language.standing_schedules import StandingSchedule
from flow_engine.language.states import State
from flow_engine.language.transitions import Transitions


class FlowDocument(Construct):
    """One flow: a state graph and the tasks it may schedule.

    ``global_transitions`` are tried in every state after the state's own.
    """

    language_version: Literal[1] = 1
    id: Name
    initial_state: Name
    global_transitions: Transitions = ()
    states: Annotated[dict[Name, State], Field(min_length=1)]
    tasks: dict[Name, Actions] = Field(default_factory=dict)
    standing_schedules: tuple[StandingSchedule, ...] = ()
