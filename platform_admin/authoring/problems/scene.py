"""``Scene``: one finding and the document around it, asked in the words that sentences and fixes need."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from flow_engine.diagnostics import Diagnostic
from flow_engine.flow_map import SUB_FLOW_MARK
from flow_engine.validation.outline import Outline, StateOutline, read_outline
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.changes.step_title import step_title
from platform_admin.changes.titles import first_text

type Path = tuple[str | int, ...]

_QUOTED: Final = re.compile(r"'([^']*)'")
_NUMBER: Final = re.compile(r"\d[\d,]*")
LONGEST_QUOTE: Final = 60
"""Characters of a text that a sentence quotes."""


@dataclass(frozen=True)
class Scene:
    """``document`` is what the finding was made in, as plain JSON."""

    finding: Diagnostic
    document: JSON

    @property
    def path(self) -> Path:
        return self.finding.path

    @property
    def value(self) -> JSON:
        return self.at(self.path)

    @cached_property
    def quoted(self) -> list[str]:
        """What the checker names, in its order."""
        return _QUOTED.findall(self.finding.message)

    @cached_property
    def numbers(self) -> list[str]:
        return _NUMBER.findall(self.finding.message)

    def at(self, path: Path) -> JSON:
        here = self.document
        for part in path:
            if isinstance(here, dict) and isinstance(part, str):
                here = here.get(part)
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                here = here[part]
            else:
                return None
        return here

    def object_at(self, path: Path) -> JSONObject:
        value = self.at(path)
        return value if isinstance(value, dict) else {}

    @cached_property
    def graph_path(self) -> Path:
        """The flow, or the sub-flow that the finding is in."""
        return self.path[:2] if self.path[:1] == ("flows",) and len(self.path) > 1 else ()

    @cached_property
    def graph(self) -> Outline:
        outline = read_outline(self.document)
        return outline.flows.get(str(self.graph_path[1]), outline) if self.graph_path else outline

    @cached_property
    def step_path(self) -> Path:
        """Where the step stands; empty for what belongs to none."""
        inner = self.path[len(self.graph_path) :]
        named = len(inner) > 1 and inner[0] == "states"
        return (*self.graph_path, *inner[:2]) if named else ()

    @property
    def step(self) -> str:
        """Its name as edits carry it, the sub-flow in front; empty for none."""
        if not self.step_path:
            return ""
        prefix = f"{self.graph_path[1]}{SUB_FLOW_MARK}" if self.graph_path else ""
        return f"{prefix}{self.step_path[-1]}"

    @property
    def state(self) -> StateOutline | None:
        return self.graph.states.get(str(self.step_path[-1])) if self.step_path else None

    @property
    def start(self) -> str | None:
        """The step everyone begins at, where there is one."""
        start = self.graph.root.text("initial_state")
        return start if start in self.graph.states else None

    def under(self, *keys: str) -> Path:
        """The path up to the last of these keys and the index behind it: the action, the way, the option."""
        for length in range(len(self.path), 0, -1):
            if self.path[length - 1] in keys:
                return self.path[: length + 1]
        return ()

    def option(self) -> str:
        """What the button or row reads that the finding stands in, or that has the payload it speaks of."""
        title = self.object_at(self.under("buttons", "rows", "options")).get("title")
        if title is not None:
            return quote(first_text(title))
        value = self.value
        return quote(_title_of(self.document, value) or spoken(value)) if isinstance(value, str) else ""


def _title_of(document: JSON, payload: str) -> str:
    match document:
        case {"id": identity, "title": title} if identity == payload:
            return first_text(title)
        case dict():
            return next(filter(None, (_title_of(member, payload) for member in document.values())), "")
        case list():
            return next(filter(None, (_title_of(item, payload) for item in document)), "")
        case _:
            return ""


def quote(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"


def spoken(name: str) -> str:
    """An inner name as words: ``data.selected_date`` is "selected date", ``CHOOSE_A_DAY`` "Choose a day"."""
    return quote(step_title(name.removeprefix("data.").replace(".", " ")))
