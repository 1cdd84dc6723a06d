"""Steps that got another name: the new text says so itself, so that people who stand on them are not lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flow_engine.flow_map import mapping
from flow_engine.vocabulary import JSON, JSONObject

_LEADS: Final = frozenset({"target", "fallback", "initial_state", "on_error", "on_max_tries"})
"""Keys whose value names a step, or names one for each kind of failure."""


def renamed_steps(old: JSONObject, new: JSONObject) -> tuple[dict[str, str], JSONObject]:
    """Old name → new name, and the old document as if it had been written with the new names."""
    before, after = mapping(old, "states"), mapping(new, "states")
    said = mapping(new, "renamed_states")
    renamed = {
        was: now
        for was, now in said.items()
        if isinstance(now, str) and was in before and was not in after and now in after
    }
    if not renamed:
        return {}, old
    states: JSONObject = {renamed.get(name, name): state for name, state in before.items()}
    return renamed, {key: _followed(value, renamed, key) for key, value in {**old, "states": states}.items()}


def _followed(value: JSON, renamed: Mapping[str, str], key: str) -> JSON:
    match value:
        case str() if key in _LEADS:
            return renamed.get(value, value)
        case dict():
            inner = key if key == "on_error" else None
            return {name: _followed(member, renamed, inner or name) for name, member in value.items()}
        case list():
            return [_followed(item, renamed, key) for item in value]
        case _:
            return value
