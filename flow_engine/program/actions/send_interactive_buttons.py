from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.actions.choices import FixedRows, OptionTemplate, fixed_rows, read_options
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class SendInteractiveButtons:
    """``send_interactive_buttons``: a text with reply buttons. Emits one ``SendMessage``, the state's open question."""

    kind: ClassVar[str] = "send_interactive_buttons"

    body: Template
    buttons: tuple[OptionTemplate, ...]
    header: Template | None
    footer: Template | None
    fixed: FixedRows


def read(fields: Fields) -> SendInteractiveButtons:
    buttons = read_options(fields, "buttons")
    return SendInteractiveButtons(
        body=fields.template("body"),
        buttons=buttons,
        header=fields.optional_template("header"),
        footer=fields.optional_template("footer"),
        fixed=fixed_rows(buttons),
    )
