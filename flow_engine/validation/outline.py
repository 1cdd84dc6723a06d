"""A tolerant view of a flow: what of it can be read, and where it stands.

Whatever has the wrong kind is simply absent here; the document models report it. Nothing raises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flow_engine.validation.surroundings import Surroundings, committed_surroundings
from flow_engine.vocabulary import JSON

type Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A text of the document and where it stands."""

    text: str
    path: Path


@dataclass(frozen=True, slots=True)
class Part:
    """A mapping of the document and where it stands: a transition, an action, an option."""

    members: Mapping[str, JSON]
    path: Path

    def word(self, key: str) -> Word | None:
        """The text under ``key``, if it is one."""
        value = self.members.get(key)
        return Word(value, (*self.path, key)) if isinstance(value, str) else None

    def text(self, key: str) -> str | None:
        value = self.members.get(key)
        return value if isinstance(value, str) else None

    def has(self, key: str) -> bool:
        """There is something under ``key``, whatever it is."""
        return self.members.get(key) is not None

    def parts(self, key: str) -> tuple[Part, ...]:
        """The mappings of the list under ``key``."""
        return _parts(self.members.get(key), (*self.path, key))

    def inner(self, key: str) -> tuple[Part, ...]:
        """The mapping under ``key``, if it is one."""
        value = self.members.get(key)
        return (Part(value, (*self.path, key)),) if isinstance(value, dict) else ()


@dataclass(frozen=True, slots=True)
class StateOutline:
    """What can be read of one state; ``readable`` is false when it is no mapping at all."""

    name: str
    readable: bool
    part: Part
    on_enter: tuple[Part, ...]
    transitions: tuple[Part, ...]

    @property
    def collect(self) -> Part | None:
        return next(iter(self.part.inner("collect")), None)

    @property
    def timeout(self) -> Part | None:
        return next(iter(self.part.inner("timeout")), None)


@dataclass(frozen=True, slots=True)
class Outline:
    """What can be read of one flow. ``has_states`` and ``has_tasks``: the mapping itself is readable.

    ``flows`` are its sub-flows, each a graph of its own without tasks; ``graphs`` yields the flow and then those.
    ``surroundings`` are what it is checked against.
    """

    root: Part
    states: Mapping[str, StateOutline]
    tasks: Mapping[str, tuple[Part, ...]]
    global_transitions: tuple[Part, ...]
    has_states: bool
    has_tasks: bool
    surroundings: Surroundings
    flows: Mapping[str, Outline] = field(default_factory=dict)

    def graphs(self) -> Iterator[Outline]:
        """The flow itself and its sub-flows; a target names a state of its own graph."""
        yield self
        yield from self.flows.values()

    def transitions(self) -> Iterator[Part]:
        """Every transition, those of the states first."""
        for state in self.states.values():
            yield from state.transitions
        yield from self.global_transitions
        for flow in self.flows.values():
            yield from flow.transitions()

    def actions(self) -> Iterator[Part]:
        """Every action, of states and of tasks."""
        for state in self.states.values():
            yield from state.on_enter
        for actions in self.tasks.values():
            yield from actions
        for flow in self.flows.values():
            yield from flow.actions()

    def every_state(self) -> Iterator[StateOutline]:
        """The states of the flow and of its sub-flows."""
        for graph in self.graphs():
            yield from graph.states.values()

    def collects(self) -> Iterator[Part]:
        """Every ``collect`` of a state."""
        for state in self.every_state():
            yield from state.part.inner("collect")

    def audiences(self) -> Iterator[Part]:
        """Every ``for_each`` of a standing schedule."""
        for schedule in self.root.parts("standing_schedules"):
            yield from schedule.inner("for_each")


def read_outline(document: JSON, surroundings: Surroundings | None = None) -> Outline:
    """What can be read of ``document``; without ``surroundings`` it is checked against the committed ones."""
    surroundings = surroundings or committed_surroundings()
    root = Part(document if isinstance(document, dict) else {}, ())
    flows = root.members.get("flows")
    parts = {
        name: Part(value if isinstance(value, dict) else {}, ("flows", name))
        for name, value in (flows.items() if isinstance(flows, dict) else ())
    }
    return _graph(root, surroundings, {name: _graph(part, surroundings, {}) for name, part in parts.items()})


def _graph(root: Part, surroundings: Surroundings, flows: Mapping[str, Outline]) -> Outline:
    states, tasks = root.members.get("states"), root.members.get("tasks", {})
    return Outline(
        root=root,
        states={
            name: _state(name, value, root.path) for name, value in (states.items() if isinstance(states, dict) else ())
        },
        tasks={
            name: _parts(value, (*root.path, "tasks", name))
            for name, value in (tasks.items() if isinstance(tasks, dict) else ())
        },
        global_transitions=root.parts("global_transitions"),
        has_states=isinstance(states, dict),
        has_tasks=isinstance(tasks, dict),
        surroundings=surroundings,
        flows=flows,
    )


def options(action: Part) -> Iterator[Part]:
    """The buttons, rows or choices that an action or a ``collect`` writes out."""
    yield from action.parts("buttons")
    yield from action.parts("options")
    for section in action.parts("sections"):
        yield from section.parts("rows")


def words_within(value: JSON, path: Path) -> Iterator[Word]:
    """Every text inside ``value``; keys are no texts."""
    if isinstance(value, str):
        yield Word(value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from words_within(item, (*path, index))
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from words_within(member, (*path, key))


def _state(name: str, value: JSON, path: Path) -> StateOutline:
    part = Part(value if isinstance(value, dict) else {}, (*path, "states", name))
    return StateOutline(name, isinstance(value, dict), part, part.parts("on_enter"), part.parts("transitions"))


def items(value: JSON) -> list[JSON]:
    """The items of a list; anything else counts as one item that cannot be read."""
    return value if isinstance(value, list) else [value]


def _parts(value: JSON, path: Path) -> tuple[Part, ...]:
    return tuple(Part(item, (*path, index)) for index, item in enumerate(_listed(value)) if isinstance(item, dict))


def _listed(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []
