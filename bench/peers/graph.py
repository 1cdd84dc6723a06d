"""The flow's states and transitions under names that every peer accepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from bench.conversations.booking import SETTINGS
from flow_engine.expressions import ValueTemplate, compile_value, locale_for
from flow_engine.vocabulary import JSON, JSONObject

FALLBACK: Final = "fallback"
"""Fired for what nothing else is fired for."""


def go_to(state: str) -> str:
    """The trigger by which a state's actions lead on to another."""
    return f"go_to_{state}"


@dataclass(frozen=True, slots=True)
class Way:
    """A transition from ``source``: fired by ``trigger``, with what it writes to data."""

    source: str
    trigger: str
    target: str
    prefix_chars: int = 0
    suffix_name: str | None = None
    set_data: tuple[tuple[str, ValueTemplate], ...] = ()


class Graph:
    """``exact`` finds the trigger of a payload or word, ``prefixes`` that of a payload's beginning.

    ``own`` are the ways out of single states, ``everywhere`` those that hold in all of them (their source is empty);
    ``ways`` has the latter once for each state, as the peers without nested states need them.
    """

    def __init__(self, normalised: JSONObject) -> None:
        states = cast("Mapping[str, JSONObject]", normalised["states"])
        self.initial = cast(str, normalised["initial_state"])
        self.states = tuple(states)
        self.exact: dict[str, str] = {}
        self.prefixes: list[tuple[str, str]] = []
        self.ways: dict[tuple[str, str], Way] = {}
        self.own = [way for name, state in states.items() for way in self._out_of(name, state)]
        transitions = cast("list[JSONObject]", normalised["global_transitions"])
        self.everywhere = [way for transition in transitions for way in self._ways("", transition)]
        for way in self.own:
            self.ways.setdefault((way.source, way.trigger), way)
        for name in states:
            for way in self.everywhere:
                self.ways.setdefault((name, way.trigger), replace(way, source=name))

    def _out_of(self, name: str, state: JSONObject) -> Iterator[Way]:
        for transition in cast("list[JSONObject]", state["transitions"]):
            yield from self._ways(name, transition)
        for action in cast("list[dict[str, Any]]", state["on_enter"]):
            if action["action"] == "go_to":
                yield Way(name, go_to(action["target"]), action["target"])
            for kind, target in (action.get("on_error") or {}).items():
                if target is not None:
                    yield Way(name, f"failed_{kind}", target)
        fallback = state["fallback"]
        if isinstance(fallback, str):
            yield Way(name, FALLBACK, fallback)

    def _ways(self, source: str, transition: JSONObject) -> Iterator[Way]:
        target = cast(str, transition["target"])
        if target.startswith("@"):  # going back has no counterpart among the peers, and no booking needs it
            return
        locale = locale_for(SETTINGS.language, SETTINGS.timezone)
        given = cast("Mapping[str, JSON]", transition["set_data"])
        set_data = tuple((name, compile_value(value, locale)) for name, value in given.items())
        for word in _words(transition):
            yield Way(source, self._trigger(word), target, set_data=set_data)
        prefix = cast("str | None", transition["on_payload_prefix"])
        if prefix is not None:
            suffix_name = cast("str | None", transition["extract_suffix_as"])
            yield Way(source, self._prefix_trigger(prefix), target, len(prefix), suffix_name, set_data)

    def _trigger(self, word: str) -> str:
        return self.exact.setdefault(word.casefold(), f"event_{len(self.exact)}")

    def _prefix_trigger(self, prefix: str) -> str:
        known = dict(self.prefixes)
        if prefix not in known:
            self.prefixes.append((prefix, f"prefix_{len(self.prefixes)}"))
        return dict(self.prefixes)[prefix]


def _words(transition: JSONObject) -> Iterator[str]:
    """The first only of words that mean the same: the peers need no synonyms to be compared."""
    payload = transition["on_payload"]
    if isinstance(payload, str):
        yield payload
    keywords = transition.get("on_text")
    if isinstance(keywords, dict):
        for words in keywords.values():
            yield str(cast("list[str]", words)[0])
            return
