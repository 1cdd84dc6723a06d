"""What the editor's views show of a draft: the text, its map and its problems, from one reading of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language import read_flow
from flow_engine.language.yaml_reader import Path, YAMLReading
from flow_engine.validation import Surroundings
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.editing.source import read_source
from platform_admin.authoring.editing.steps import SUB_FLOW_MARK
from platform_admin.authoring.map import read_map
from platform_admin.changes.step_title import step_title
from platform_admin.releases.callable_operations import surroundings_of
from platform_admin.releases.settings_document import SettingsDocument

KEPT_READINGS: Final = 32
"""Drafts being edited at one time in one process; a reading of 200 steps takes about a tenth of a second."""


@dataclass(frozen=True, slots=True)
class DraftModel:
    """``readable`` is false while the text is no YAML; then the map is empty and the other views say why."""

    text: str
    document: JSON
    program: JSONObject | None
    readable: bool
    problems: tuple[JSONObject, ...]

    def as_json(self) -> JSONObject:
        """For the islands of the page. The text itself travels only when somebody else may have changed it."""
        problems: list[JSON] = list(self.problems)
        return {"readable": self.readable, "problems": problems, "map": read_map(self.document).as_json()}

    def problems_as_json(self) -> JSONObject:
        """What a check without saving answers."""
        problems: list[JSON] = list(self.problems)
        return {"problems": problems}


@dataclass(frozen=True, slots=True)
class Known:
    """What a tenant's conversation can call, as a value: its settings in JSON, and which credentials are stored."""

    settings: str
    credentials: frozenset[str]

    def surroundings(self) -> Surroundings:
        return surroundings_of(SettingsDocument.model_validate_json(self.settings), self.credentials)


@lru_cache(maxsize=KEPT_READINGS)
def read_draft(text: str, file: str, known: Known) -> DraftModel:
    """Pure, so the same text is read once, whoever asks. ``file`` is what faults call it."""
    source = read_source(text)
    reading = read_flow(text, file=file, surroundings=known.surroundings())
    steps = _steps_by_line(source)
    problems = tuple(_problem(diagnostic, steps) for diagnostic in reading.diagnostics)
    return DraftModel(text, source.value if source.readable else None, reading.program, source.readable, problems)


def _steps_by_line(source: YAMLReading) -> list[tuple[int, str]]:
    """The line each step begins in, in the order of the text."""
    document = source.value if isinstance(source.value, dict) else {}
    flows = document.get("flows")
    graphs: list[tuple[str, Path, JSON]] = [("", (), document)]
    graphs += [(f"{name}{SUB_FLOW_MARK}", ("flows", name), flow) for name, flow in _members(flows)]
    found: list[tuple[int, str]] = []
    for prefix, path, graph in graphs:
        for name, _ in _members(graph.get("states") if isinstance(graph, dict) else None):
            position = source.locations.key_position((*path, "states", name))
            if position is not None:
                found.append((position.line, prefix + name))
    others = [key for key, _ in _members(document) if key not in ("states", "flows")]
    ends = (source.locations.key_position((key,)) for key in others)
    found += [(position.line, "") for position in ends if position is not None]
    return sorted(found)


def _members(value: JSON) -> list[tuple[str, JSON]]:
    return list(value.items()) if isinstance(value, dict) else []


def _problem(diagnostic: Diagnostic, steps: list[tuple[int, str]]) -> JSONObject:
    step = next((name for line, name in reversed(steps) if line <= diagnostic.line), "")
    return {
        "code": diagnostic.code,
        "severity": "error" if diagnostic.severity is Severity.ERROR else "warning",
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "step": step or None,
        "step_title": step_title(step) if step else None,
    }
