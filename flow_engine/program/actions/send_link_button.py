from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class SendLinkButton:
    """``send_link_button``: a text with a button that opens a page. Emits one ``SendMessage``."""

    kind: ClassVar[str] = "send_link_button"

    body: Template
    title: Template
    url: Template
    header: Template | None
    footer: Template | None


def read(fields: Fields) -> SendLinkButton:
    return SendLinkButton(
        body=fields.template("body"),
        title=fields.template("title"),
        url=fields.template("url"),
        header=fields.optional_template("header"),
        footer=fields.optional_template("footer"),
    )
