from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class RequestContactInfo:
    """``request_contact_info``: ask for the number. Emits one ``SendMessage``, the state's open question."""

    kind: ClassVar[str] = "request_contact_info"

    body: Template


def read(fields: Fields) -> RequestContactInfo:
    return RequestContactInfo(
        body=fields.template("body"),
    )
