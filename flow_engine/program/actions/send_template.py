from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class SendTemplate:
    """``send_template``: a message that the channel has approved. Emits one ``SendMessage``.

    ``parameters`` are the name of each blank, ``None`` where blanks are counted, and what fills it.
    """

    kind: ClassVar[str] = "send_template"

    name: str
    language: Template
    parameters: tuple[tuple[str | None, Template], ...]
    text: Template | None


def read(fields: Fields) -> SendTemplate:
    return SendTemplate(
        name=fields.name("name"),
        language=fields.template("language"),
        parameters=_read_parameters(fields),
        text=fields.optional_template("text"),
    )


def _read_parameters(fields: Fields) -> tuple[tuple[str | None, Template], ...]:
    if isinstance(fields.optional("parameters"), dict):
        named = fields.child("parameters")
        return tuple((name, named.template(name)) for name in named.keys())  # noqa: SIM118  # a reader is not a dict
    return tuple((None, template) for template in fields.templates("parameters"))
