from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class RequestLocation:
    """``request_location``: ask for the position. Emits one ``SendMessage``, the state's open question."""

    kind: ClassVar[str] = "request_location"

    body: Template


def read(fields: Fields) -> RequestLocation:
    return RequestLocation(
        body=fields.template("body"),
    )
