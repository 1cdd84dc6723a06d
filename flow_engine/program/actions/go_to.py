from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class GoTo:
    """``go_to``: enter ``target`` at once; the rest of the list is left out."""

    kind: ClassVar[str] = "go_to"

    target: str


def read(fields: Fields) -> GoTo:
    return GoTo(fields.target("target"))
