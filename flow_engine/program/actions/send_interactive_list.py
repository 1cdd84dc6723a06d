from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.actions.choices import SectionTemplate, read_sections
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class SendInteractiveList:
    """``send_interactive_list``: a text with a list that opens on a tap.

    Emits one ``SendMessage``, the state's open question. Without ``button`` the tenant's sentence ``list_button`` is
    the caption.
    """

    kind: ClassVar[str] = "send_interactive_list"

    body: Template
    button: Template | None
    sections: tuple[SectionTemplate, ...]
    header: Template | None
    footer: Template | None


def read(fields: Fields) -> SendInteractiveList:
    return SendInteractiveList(
        body=fields.template("body"),
        button=fields.optional_template("button"),
        sections=read_sections(fields, "sections"),
        header=fields.optional_template("header"),
        footer=fields.optional_template("footer"),
    )
