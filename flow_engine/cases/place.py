"""Where in a file something stands."""

from __future__ import annotations

from dataclasses import dataclass

from flow_engine.language.yaml_reader import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column count from 1; ``path`` leads to the node (``("steps", 2, "bot", 0)``)."""

    file: str
    line: int
    column: int
    path: Path = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
