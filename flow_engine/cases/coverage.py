"""How much of a flow its cases have walked: every state entered, every transition taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flow_engine.flow_map import flows_of, mapping, states_of, transitions_of, trigger
from flow_engine.language.yaml_reader import Locations
from flow_engine.trace import EnteredBecause, StateEntered, TraceEntry, TransitionsTried, Verdict
from flow_engine.trace_answers import AnswerKept
from flow_engine.trace_detours import FlowCalled, FlowReturned, Returned, TimerRang
from flow_engine.vocabulary import JSON, JSONObject

ANSWERED, GAVE_UP, TIMED_OUT = "collect", "on_max_tries", "timeout"

type Way = tuple[str | None, int | str]
"""A transition: its state and its index. ``None`` are the global ones, ``<flow>/`` those of a sub-flow.

The ways out of a state that are no transitions of its list have a name in place of the index.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A state or a transition, as a report names it, and its line in the flow."""

    name: str
    line: int


@dataclass(slots=True)
class FlowCoverage:
    """The parts of one flow, and those that were walked. ``add`` is called with the trace of every case."""

    file: str
    states: Mapping[str, Part]
    transitions: Mapping[Way, Part]
    states_seen: set[str] = field(default_factory=set)
    transitions_seen: set[Way] = field(default_factory=set)

    def add(self, trace: Sequence[TraceEntry]) -> None:
        here: str | None = None
        callers: list[str | None] = []
        for entry in trace:
            match entry:
                case TransitionsTried():
                    if entry.verdicts[-1] is Verdict.MATCHED:
                        self.transitions_seen.add((entry.state, len(entry.verdicts) - 1))
                case AnswerKept():
                    self.transitions_seen.add((here, ANSWERED))
                case TimerRang():
                    self.transitions_seen.add((here, TIMED_OUT))
                case StateEntered():
                    if entry.because is EnteredBecause.TRIES:
                        self.transitions_seen.add((here, GAVE_UP))
                    self.states_seen.add(entry.state)
                    here = entry.state
                case Returned():
                    here = entry.state
                case FlowCalled():
                    callers.append(here)
                case FlowReturned():
                    here = callers.pop() if callers else here
                case _:
                    pass

    @property
    def missing_states(self) -> tuple[Part, ...]:
        return _by_line(part for name, part in self.states.items() if name not in self.states_seen)

    @property
    def missing_transitions(self) -> tuple[Part, ...]:
        return _by_line(part for way, part in self.transitions.items() if way not in self.transitions_seen)

    @property
    def states_percent(self) -> float:
        return _percent(len(self.states) - len(self.missing_states), len(self.states))

    @property
    def transitions_percent(self) -> float:
        return _percent(len(self.transitions) - len(self.missing_transitions), len(self.transitions))


def measure(file: str, document: JSON, locations: Locations) -> FlowCoverage:
    """A flow with nothing walked yet. ``document`` is the flow as it was read, with its ``locations``."""
    flow = document if isinstance(document, dict) else {}
    states = {name: Part(name, locations.of_key(path).line) for name, path, _ in states_of(flow)}
    owners = [
        *((name, (*path, "transitions")) for name, path, _ in states_of(flow)),
        *((prefix or None, (*path, "global_transitions")) for prefix, path, _ in flows_of(flow)),
    ]
    transitions: dict[Way, Part] = {
        (owner, index): Part(_name(owner, transition), locations.of_value((*path, index)).line)
        for owner, path in owners
        for index, transition in enumerate(transitions_of(flow, owner))
    }
    for name, path, state in states_of(flow):
        for way, key, label in _OTHER_WAYS:
            if key in state if way == key else way in mapping(state, key):
                transitions[name, way] = Part(f"{name}: {label}", locations.of_key((*path, key)).line)
    return FlowCoverage(file, states, transitions)


_OTHER_WAYS = (
    (ANSWERED, "collect", "an answer is collected"),
    (GAVE_UP, "collect", "too many tries"),
    (TIMED_OUT, "timeout", "no answer in time"),
)


def _name(owner: str | None, transition: JSONObject) -> str:
    return f"{owner or 'global'}: {trigger(transition)} → {transition.get('target')}"


def _by_line(parts: Iterator[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: part.line))


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0
