from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class SendText:
    """``send_text``: say ``text``. Emits one ``SendMessage``; nothing when the text renders empty."""

    kind: ClassVar[str] = "send_text"

    text: Template


def read(fields: Fields) -> SendText:
    return SendText(fields.template("text"))
