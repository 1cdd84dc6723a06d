"""Whether an output can be sent as it is. Most can, so this is on the path of every message and written for speed."""

from __future__ import annotations

from typing import assert_never

from flow_engine.outputs.capabilities import Capabilities
from flow_engine.outputs.output import Buttons, OptionList, Output, Text


def fits(output: Output, limits: Capabilities) -> bool:
    """Whether ``output`` keeps every limit of the channel."""
    match output:
        case Text():
            return len(output.body) <= limits.text_chars and bool(output.body.strip())
        case Buttons():
            return _frame_fits(output, limits) and _buttons_fit(output, limits)
        case OptionList():
            return (
                _frame_fits(output, limits)
                and len(output.button) <= limits.list_button_chars
                and _rows_fit(output, limits)
            )
        case _:
            assert_never(output)


def _frame_fits(output: Buttons | OptionList, limits: Capabilities) -> bool:
    header, footer = output.header, output.footer
    return (
        len(output.body) <= limits.body_chars
        and (header is None or len(header) <= limits.header_chars)
        and (footer is None or len(footer) <= limits.footer_chars)
    )


def _buttons_fit(output: Buttons, limits: Capabilities) -> bool:
    if not 0 < len(output.buttons) <= limits.max_buttons:
        return False
    title_chars, id_chars = limits.button_title_chars, limits.button_id_chars
    for button in output.buttons:  # noqa: SIM110  # a generator would cost more than the rest
        if len(button.title) > title_chars or len(button.id) > id_chars:
            return False
    return True


def _rows_fit(output: OptionList, limits: Capabilities) -> bool:
    sections = output.sections
    title_chars, id_chars = limits.row_title_chars, limits.row_id_chars
    description_chars = limits.row_description_chars
    count = 0
    for section in sections:
        title = section.title
        if title is not None and len(title) > limits.section_title_chars:
            return False
        if len(sections) > 1 and not (title and section.rows):
            return False
        count += len(section.rows)
        for row in section.rows:
            if len(row.title) > title_chars or len(row.id) > id_chars:
                return False
            if row.description is not None and len(row.description) > description_chars:
                return False
    return 0 < count <= limits.max_rows
