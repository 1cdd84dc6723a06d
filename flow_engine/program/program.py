"""``Program``: a flow that is ready to run, with everything a turn needs already in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from flow_engine.answers import Words
from flow_engine.expressions import Template
from flow_engine.outputs.capabilities import Capabilities
from flow_engine.program.actions import Entry
from flow_engine.program.standing_schedule import StandingSchedule
from flow_engine.program.state import State
from flow_engine.program.sub_flow import SubFlow
from flow_engine.program.taps import Taps
from flow_engine.program.timeout import Session
from flow_engine.program.transition import Transition
from flow_engine.vocabulary import ReadOnlyJSON


@dataclass(frozen=True, slots=True)
class ProgramSettings:
    """What a tenant brings to a flow.

    ``timezone`` is an IANA name; ``language`` a BCP 47 tag; ``sentences`` replaces default sentences by key
    (each may be a template, or one for each language); ``business`` is what expressions see under that name.
    """

    timezone: str = "UTC"
    language: str = "en"
    llm_enabled: bool = False
    sentences: Mapping[str, str | Mapping[str, str]] = field(default_factory=dict)
    business: ReadOnlyJSON = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Program:
    """A loaded flow with one tenant's settings; immutable, and shared by all of the tenant's conversations.

    ``states`` holds those of the sub-flows too, by their full names. ``plain_text`` shapes outputs for a channel
    that ``capabilities`` does not know. ``keeps_history`` and ``has_timers`` say whether anything asks for them.
    ``words`` understand natural answers, by base language; ``spoken`` are those of the flow's languages that have some.
    ``region`` is the tenant's country (ISO 3166), or empty.
    """

    id: str
    initial_state: str
    global_transitions: tuple[Transition, ...]
    global_taps: Taps | None
    states: Mapping[str, State]
    tasks: Mapping[str, tuple[Entry, ...]]
    standing_schedules: tuple[StandingSchedule, ...]
    zone: tzinfo
    language: str
    llm_enabled: bool
    sentences: Mapping[str, Template]
    business: ReadOnlyJSON
    capabilities: Mapping[str, Capabilities]
    plain_text: Capabilities
    flows: Mapping[str, SubFlow]
    session: Session | None
    renamed_states: Mapping[str, str]
    moved_text: Template | None
    keeps_history: bool
    has_timers: bool
    words: Mapping[str, Words]
    spoken: tuple[str, ...]
    region: str
