"""A whole flow."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from flow_engine.language.actions import Actions
from flow_engine.language.construct import (
    Construct,
    DataName,
    Duration,
    FlowName,
    LanguageTag,
    LocalisedText,
    Name,
    StateName,
    Target,
)
from flow_engine.language.standing_schedules import StandingSchedule
from flow_engine.language.states import State
from flow_engine.language.transitions import Transitions


class Session(Construct):
    """A conversation in which the customer has been silent for ``expires_after`` is over.

    With a ``target`` it is led there at that moment; without one nothing is said, and the next message begins anew.
    """

    expires_after: Duration
    target: Target | None = None


class SubFlow(Construct):
    """A state graph of its own, entered with the action ``call``.

    Its states are its own and so is its ``data``, which begins with ``inputs`` and gives back ``outputs`` when the
    sub-flow ends (action ``end``, target ``@end`` or ``@return``). Its ``global_transitions`` are tried before those
    of the whole flow.
    """

    inputs: tuple[DataName, ...] = ()
    outputs: tuple[DataName, ...] = ()
    initial_state: Name
    states: Annotated[dict[StateName, State], Field(min_length=1)]
    global_transitions: Transitions = ()


class FlowDocument(Construct):
    """One flow: a state graph and the tasks it may schedule.

    ``global_transitions`` are tried in every state after the state's own. ``renamed_states`` tells where
    people stand now who were in a state that has another name in this version; whoever was in a state that is gone
    is told ``moved_text`` (or the sentence ``moved``) and led to ``initial_state``. ``languages`` are those that the
    texts come in; a contact whose language a text does not have reads the first of them.
    """

    language_version: Literal[1] = 1
    id: Name
    initial_state: Name
    global_transitions: Transitions = ()
    states: Annotated[dict[StateName, State], Field(min_length=1)]
    tasks: dict[Name, Actions] = Field(default_factory=dict)
    standing_schedules: tuple[StandingSchedule, ...] = ()
    session: Session | None = None
    renamed_states: dict[Name, Name] = Field(default_factory=dict)
    moved_text: LocalisedText | None = None
    flows: dict[FlowName, SubFlow] = Field(default_factory=dict)
    languages: tuple[LanguageTag, ...] = ()
