"""``frame_of``: a step without the wording of its texts, which is all that most rules look at.

Of a text stays what is filled in, whether it is empty, and the whole of it where it is the name of something: some
rules take a name for a way wherever it stands, so that a misspelt key hides none.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject

_WORDED: Final = (
    *("body", "text", "header", "footer", "button", "title", "description", "caption", "empty_text", "retry_text"),
)
"""The keys of an action, of a ``collect`` and of an option whose texts customers read."""

_SOME_WORDS: Final = "…"


def names_of(document: JSONObject) -> list[str]:
    """The names of everything that is named: steps, tasks and sub-flows with their steps."""
    names: list[str] = []
    flows = document.get("flows")
    graphs = [document, *(flows.values() if isinstance(flows, dict) else ())]
    for holder in graphs:
        for key in ("states", "tasks", "flows"):
            members = holder.get(key) if isinstance(holder, dict) else None
            names += members if isinstance(members, dict) else ()
    return names


def frame_of(state: JSON, names: Collection[str]) -> JSON:
    """``state`` without its wording; anything that is no step comes back as it is."""
    if not isinstance(state, dict):
        return state
    known = frozenset(names)
    framed = dict(state)
    actions = state.get("on_enter")
    if isinstance(actions, list):
        framed["on_enter"] = [_part(action, known) for action in actions]
    if "collect" in state:
        framed["collect"] = _part(state["collect"], known)
    return framed


def _part(part: JSON, names: frozenset[str]) -> JSON:
    """An action or a ``collect``."""
    if not isinstance(part, dict):
        return part
    framed = _texts(part, names)
    for key in ("buttons", "options"):
        framed = _with_options(framed, key, names)
    sections = framed.get("sections")
    if isinstance(sections, list):
        framed["sections"] = [
            _with_options(_texts(section, names), "rows", names) if isinstance(section, dict) else section
            for section in sections
        ]
    return framed


def _with_options(part: JSONObject, key: str, names: frozenset[str]) -> JSONObject:
    options = part.get(key)
    if not isinstance(options, list):
        return part
    return {**part, key: [_texts(option, names) if isinstance(option, dict) else option for option in options]}


def _texts(part: JSONObject, names: frozenset[str]) -> JSONObject:
    return {key: _frame(value, names) if key in _WORDED else value for key, value in part.items()}


def _frame(value: JSON, names: frozenset[str]) -> JSON:
    """A text, or one for each language."""
    if isinstance(value, dict):
        return {key: _frame(text, names) if isinstance(text, str) else text for key, text in value.items()}
    if not isinstance(value, str) or value in names:
        return value
    marks = [place for mark in ("{{", "}}") for place in (value.find(mark), value.rfind(mark)) if place >= 0]
    if marks:
        return value[min(marks) : max(marks) + 2]
    return _SOME_WORDS if value.strip() else value
