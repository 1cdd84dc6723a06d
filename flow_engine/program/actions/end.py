from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class End:
    """``end``: the sub-flow is over, or the interruption, or else the conversation."""

    kind: ClassVar[str] = "end"


def read(_fields: Fields) -> End:
    return End()
