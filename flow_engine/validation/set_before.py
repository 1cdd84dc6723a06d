"""Which names in ``data`` are set on every path to a place.

Sets of names are integers, a bit for each name, so that meeting two paths is one ``&``. Only states that can be
reached are looked at; a graph that would take too long to settle is left alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flow_engine.expressions import names_read
from flow_engine.validation.data_names import ERROR_KIND, members, written_by_action, written_by_transition
from flow_engine.validation.expressions import nodes_of_condition
from flow_engine.validation.limits import MAX_VISITS
from flow_engine.validation.outline import Outline, Part, StateOutline, Word, words_within
from flow_engine.validation.ways import TRIGGERS, By, ways


@dataclass(slots=True)
class Names:
    """Gives every name its bit."""

    _bits: dict[str, int] = field(default_factory=dict)

    def mask(self, names: Iterable[str]) -> int:
        mask = 0
        for name in names:
            mask |= self._bits.setdefault(name, 1 << len(self._bits))
        return mask

    def words(self, words: Iterable[Word]) -> int:
        return self.mask(word.text for word in words)


@dataclass(frozen=True, slots=True)
class Walk:
    """One state gone through: what is set before each action, after them, and where a call may fail."""

    before: tuple[int, ...]
    rest: int
    broken: int


def settle(graph: Outline, names: Names) -> Mapping[str, int]:
    """What is surely set on entering each state of ``graph`` that can be reached; empty if that takes too long."""
    start = names.words(words_within(graph.root.members.get("inputs"), ()))
    entries: dict[str, int] = {}
    waiting: deque[str] = deque()

    def meet(target: str | None, mask: int) -> None:
        if target is None or target not in graph.states:
            return
        met = entries.get(target, -1) & mask
        if target not in entries or met != entries[target]:
            entries[target] = met
            waiting.append(target)

    meet(graph.root.text("initial_state"), start)
    for transition in graph.global_transitions:
        known = names.words(written_by_transition(transition)) | when_names(transition, names, "condition")
        meet(transition.text("target"), start | known)
    for session in graph.root.inner("session"):
        meet(session.text("target"), start)
    visits = 0
    while waiting and visits < MAX_VISITS:
        name = waiting.popleft()
        for target, mask in _leave(graph.states[name], entries[name], names):
            meet(target, mask)
            visits += 1
    return {} if waiting else entries


def walk(state: StateOutline, entry: int, names: Names) -> Walk:
    """Go through the actions of ``state``, entered with ``entry`` set."""
    before: list[int] = []
    mask, broken = entry, -1
    for action in state.on_enter:
        before.append(mask | when_names(action, names))
        if action.text("action") in ("invoke_connector", "send_dynamic_options"):
            broken &= mask
        if not action.has("when"):
            mask |= names.words(written_by_action(action))
        elif action.text("action") in _LEAD_ON:
            mask |= when_names(action, names)  # whoever has it not has left: "go_to … when: not data.name"
    return Walk(tuple(before), mask, broken & mask)


_LEAD_ON: Final = frozenset({"go_to", "end"})


def asked_before(transitions: Sequence[Part], names: Names) -> list[int]:
    """For each transition the names that its own condition asks about, and those of earlier ones with its trigger.

    "If the name is missing, ask for it; else go on" is written as two transitions for one payload.
    """
    asked: dict[str, int] = {}
    masks: list[int] = []
    for transition in transitions:
        trigger = repr([transition.members.get(key) for key in TRIGGERS])
        asked[trigger] = asked.get(trigger, 0) | when_names(transition, names, "condition")
        masks.append(asked[trigger])
    return masks


def when_names(part: Part, names: Names, key: str = "when") -> int:
    """Names that a condition asks about count as set where it holds."""
    return names.mask(
        name
        for text in (part.text(key),)
        if text is not None
        for node in nodes_of_condition(text)
        for name in names_read(node)
    )


def _leave(state: StateOutline, entry: int, names: Names) -> Iterator[tuple[str, int]]:
    gone = walk(state, entry, names)
    asked = dict(zip((part.path for part in state.transitions), asked_before(state.transitions, names), strict=True))
    for way in ways(state):
        match way.by:
            case By.TRANSITION:
                mask = gone.rest | names.words(written_by_transition(way.part)) | asked[way.part.path]
            case By.FALLBACK:
                mask = gone.broken
            case By.TIMEOUT:
                mask = gone.rest | names.words(members(way.part, "set_data"))
            case By.ANSWER:
                saved = (word for word in (way.part.word("save_as"),) if word is not None)
                mask = gone.rest | names.words(saved) | names.words(members(way.part, "set_data"))
            case By.TOO_MANY_TRIES:
                mask = gone.rest
            case By.JUMP:
                mask = gone.before[way.index or 0]
            case By.FAILURE:
                mask = gone.before[way.index or 0] | names.mask((ERROR_KIND,))
        yield way.target.text, mask
