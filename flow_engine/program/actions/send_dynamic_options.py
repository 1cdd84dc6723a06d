from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class SendDynamicOptions:
    """``send_dynamic_options``: a list made of ``[{"id", "title", "description"?}]`` found in data.

    ``source_key`` is a name in data, or a dotted path of names. Emits one ``SendMessage``, the state's open question.
    With nothing to offer it says ``empty_text`` (or the sentence ``nothing_available``) and
    the state's fallback is entered; in a task nothing follows.
    """

    kind: ClassVar[str] = "send_dynamic_options"

    source_key: str
    source_path: tuple[str, ...]
    text: Template
    empty_text: Template | None
    button: Template | None


def read(fields: Fields) -> SendDynamicOptions:
    source_key = fields.name("source_key")
    return SendDynamicOptions(
        source_key=source_key,
        source_path=tuple(source_key.split(".")),
        text=fields.template("text"),
        empty_text=fields.optional_template("empty_text"),
        button=fields.optional_template("button"),
    )
