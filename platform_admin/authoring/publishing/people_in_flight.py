"""Who stands on a step that would be gone, and what is decided about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.changes.step_title import step_title
from platform_admin.changes.step_titles import step_titles
from platform_admin.observability.runtime_sighting import RuntimeSighting
from platform_admin.releases.models import Release

FIELD: Final = "in_flight_"
"""What the fields of the form begin with; the step's name follows."""


@dataclass(frozen=True, slots=True)
class Stranded:
    """People on a step that the draft no longer has."""

    step: str
    title: str
    count: int


def stranded(live: Release | None, sighting: RuntimeSighting | None, document: JSON) -> tuple[Stranded, ...]:
    """From the runtime's last count."""
    if live is None or sighting is None:
        return ()
    known = {*states_of(document), *_renamed(document)}
    counts: dict[str, int] = {}
    for row in sighting.gauges.get("open_conversations", []):
        state = str(row.get("state"))
        if state not in known:
            counts[state] = counts.get(state, 0) + int(row.get("count", 0))
    titles = step_titles(live.flow_version.program)
    return tuple(
        Stranded(step, titles.get(step) or step_title(step), count) for step, count in sorted(counts.items()) if count
    )


def decided(form: Mapping[str, object]) -> JSONObject:
    """``in_flight_<STEP>`` is ``finish``, ``restart`` or the name of a step to move to."""
    chosen: dict[str, JSON] = {}
    for key, value in form.items():
        if key.startswith(FIELD) and isinstance(value, str):
            step = key.removeprefix(FIELD)
            chosen[step] = {"do": value} if value in ("finish", "restart") else {"do": "move", "to": value}
    return chosen


def states_of(document: JSON) -> tuple[str, ...]:
    states = document.get("states") if isinstance(document, dict) else None
    return tuple(states) if isinstance(states, dict) else ()


def _renamed(document: JSON) -> tuple[str, ...]:
    renamed = document.get("renamed_states") if isinstance(document, dict) else None
    return tuple(renamed) if isinstance(renamed, dict) else ()
