"""How much of a flow its cases have walked: every state entered, every transition taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flow_engine.language.yaml_reader import Locations, Path
from flow_engine.trace import StateEntered, TraceEntry, TransitionsTried, Verdict
from flow_engine.vocabulary import JSON, JSONObject

type Way = tuple[str | None, int]
"""A transition: its state (``None``: a global one) and its index."""

_TRIGGERS = ("on_payload", "on_payload_prefix", "on_text", "on_pattern", "on_type", "on_referral", "condition")


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
        for entry in trace:
            if isinstance(entry, StateEntered):
                self.states_seen.add(entry.state)
            elif isinstance(entry, TransitionsTried) and entry.verdicts[-1] is Verdict.MATCHED:
                self.transitions_seen.add((entry.state, len(entry.verdicts) - 1))

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
    states: dict[str, Part] = {}
    transitions: dict[Way, Part] = {}
    whole = document if isinstance(document, dict) else {}
    for prefix, path, flow in _flows(whole):
        for name, state in _mapping(flow, "states").items():
            at = (*path, "states", name)
            states[prefix + name] = Part(prefix + name, locations.of_key(at).line)
            _add_transitions(transitions, prefix + name, state, (*at, "transitions"), locations)
        owner = prefix.rstrip("/") or None
        _add_transitions(transitions, owner, flow, (*path, "global_transitions"), locations)
    return FlowCoverage(file, states, transitions)


def _flows(document: JSONObject) -> Iterator[tuple[str, Path, JSONObject]]:
    """The flow itself and its sub-flows, each with what stands before the names of its states."""
    yield "", (), document
    for name, flow in _mapping(document, "flows").items():
        if isinstance(flow, dict):
            yield f"{name}/", ("flows", name), flow


def _add_transitions(
    transitions: dict[Way, Part], owner: str | None, holder: JSON, path: Path, locations: Locations
) -> None:
    items = holder.get(str(path[-1])) if isinstance(holder, dict) else None
    for index, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, dict):
            name = f"{owner or 'global'}: {_trigger(item)} → {item.get('target')}"
            transitions[owner, index] = Part(name, locations.of_value((*path, index)).line)


def _trigger(transition: JSONObject) -> str:
    return ", ".join(f"{key} {transition[key]}" for key in _TRIGGERS if key in transition)


def _mapping(holder: JSONObject, key: str) -> JSONObject:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _by_line(parts: Iterator[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: part.line))


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0
