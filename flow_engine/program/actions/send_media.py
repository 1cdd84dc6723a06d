from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields
from flow_engine.vocabulary import MediaType


@dataclass(frozen=True, slots=True)
class SendMedia:
    """``send_media``: send a file from the web. Emits one ``SendMessage``."""

    kind: ClassVar[str] = "send_media"

    media_type: MediaType
    url: Template
    caption: Template | None
    filename: Template | None


def read(fields: Fields) -> SendMedia:
    return SendMedia(
        media_type=_read_type(fields),
        url=fields.template("url"),
        caption=fields.optional_template("caption"),
        filename=fields.optional_template("filename"),
    )


def _read_type(fields: Fields) -> MediaType:
    try:
        return MediaType(fields.text("media_type"))
    except ValueError as fault:
        fields.fail("media_type", str(fault))
