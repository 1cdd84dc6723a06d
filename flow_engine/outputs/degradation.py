"""Makes an output fit a channel, losing as little as possible, and says what it did.

Four buttons become a list; a list with more rows than the channel has becomes several lists; where the channel
shows no choices they become numbered text, and the numbers are understood. A text that is too long
is parted, a title that is too long is cut between two graphemes. An id is never cut: an output with
an id that the channel would refuse becomes numbered text, because the number leads to the whole id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from flow_engine.outputs.capabilities import Capabilities
from flow_engine.outputs.fitting import fits
from flow_engine.outputs.graphemes import cut, split
from flow_engine.outputs.output import Buttons, Option, OptionList, Output, Section, Text

DEFAULT_LIST_BUTTON = "…"
"""Caption of a list that was made from buttons, when the caller has no word in the customer's language."""


class DegradationKind(StrEnum):
    """What had to be changed."""

    EMPTY_DROPPED = "empty_dropped"
    TEXT_SPLIT = "text_split"
    TITLE_CUT = "title_cut"
    DESCRIPTION_CUT = "description_cut"
    SECTION_TITLE_CUT = "section_title_cut"
    LIST_BUTTON_CUT = "list_button_cut"
    HEADER_CUT = "header_cut"
    FOOTER_CUT = "footer_cut"
    SECTIONS_MERGED = "sections_merged"
    BUTTONS_TO_LIST = "buttons_to_list"
    LIST_SPLIT = "list_split"
    TO_NUMBERED_TEXT = "to_numbered_text"


@dataclass(frozen=True, slots=True)
class Degradation:
    """One change. ``subject`` is the id of the option it concerns, or empty for the whole message."""

    kind: DegradationKind
    subject: str = ""


type Shaped = tuple[tuple[Output, ...], tuple[Degradation, ...]]


def degrade(output: Output, capabilities: Capabilities, list_button: str = DEFAULT_LIST_BUTTON) -> tuple[Output, ...]:
    """The messages to send for ``output``, each within the channel's limits; none if there is nothing to say."""
    return shape(output, capabilities, list_button)[0]


def shape(output: Output, capabilities: Capabilities, list_button: str = DEFAULT_LIST_BUTTON) -> Shaped:
    """The same as ``degrade``, with every change that was made, in order."""
    if fits(output, capabilities):
        return (output,), ()
    notes: list[Degradation] = []
    match output:
        case Text():
            outputs = _shape_text(output.body, capabilities, notes)
        case Buttons():
            outputs = _shape_buttons(output, capabilities, list_button, notes)
        case OptionList():
            outputs = _shape_list(output, capabilities, notes)
        case _:
            assert_never(output)
    return outputs, tuple(notes)


def _shape_text(body: str, limits: Capabilities, notes: list[Degradation]) -> tuple[Output, ...]:
    if not body.strip():
        notes.append(Degradation(DegradationKind.EMPTY_DROPPED))
        return ()
    if len(body) <= limits.text_chars:
        return (Text(body),)
    notes.append(Degradation(DegradationKind.TEXT_SPLIT))
    return tuple(Text(piece) for piece in split(body, limits.text_chars))


def _shape_buttons(
    message: Buttons, limits: Capabilities, list_button: str, notes: list[Degradation]
) -> tuple[Output, ...]:
    if not 0 < len(message.buttons) <= limits.max_buttons:
        if message.buttons and limits.max_rows:
            notes.append(Degradation(DegradationKind.BUTTONS_TO_LIST))
        rows = Section(message.buttons)
        return _shape_list(
            OptionList(message.body, list_button, (rows,), message.header, message.footer), limits, notes
        )
    if any(len(button.id) > limits.button_id_chars for button in message.buttons):
        return _number(message, limits, notes)
    before, body = _part_body(message.body, limits, notes)
    buttons = tuple(_cut_title(button, limits.button_title_chars, notes) for button in message.buttons)
    header, footer = _cut_frame(message, limits, notes)
    return (*before, Buttons(body, buttons, header, footer))


def _shape_list(message: OptionList, limits: Capabilities, notes: list[Degradation]) -> tuple[Output, ...]:
    rows = sum(len(section.rows) for section in message.sections)
    if not rows or not limits.max_rows or _has_long_row_id(message, limits):
        return _number(message, limits, notes)
    before, body = _part_body(message.body, limits, notes)
    header, footer = _cut_frame(message, limits, notes)
    caption = _cut(message.button, limits.list_button_chars, DegradationKind.LIST_BUTTON_CUT, notes)
    sections = _shape_sections(message.sections, limits, notes)
    if rows <= limits.max_rows:
        return (*before, OptionList(body, caption, sections, header, footer))
    notes.append(Degradation(DegradationKind.LIST_SPLIT))
    pages = list(_pages(sections, limits.max_rows))
    return (
        *before,
        *(
            OptionList(_page_body(body, number, len(pages), limits), caption, page, header, footer)
            for number, page in enumerate(pages, start=1)
        ),
    )


def _has_long_row_id(message: OptionList, limits: Capabilities) -> bool:
    return any(len(row.id) > limits.row_id_chars for section in message.sections for row in section.rows)


def _shape_sections(
    sections: tuple[Section, ...], limits: Capabilities, notes: list[Degradation]
) -> tuple[Section, ...]:
    filled = tuple(section for section in sections if section.rows)
    if len(filled) > 1 and not all(section.title for section in filled):
        # WhatsApp refuses a second section when one of them has no title.
        notes.append(Degradation(DegradationKind.SECTIONS_MERGED))
        filled = (Section(tuple(row for section in filled for row in section.rows)),)
    return tuple(_shape_section(section, limits, notes) for section in filled)


def _shape_section(section: Section, limits: Capabilities, notes: list[Degradation]) -> Section:
    title = _cut_optional(section.title, limits.section_title_chars, DegradationKind.SECTION_TITLE_CUT, notes)
    return Section(tuple(_shape_row(row, limits, notes) for row in section.rows), title)


def _shape_row(row: Option, limits: Capabilities, notes: list[Degradation]) -> Option:
    if len(row.title) > limits.row_title_chars and not row.description:
        # The description has room for what the title has not.
        row = replace(row, description=row.title)
    shaped = _cut_title(row, limits.row_title_chars, notes)
    if shaped.description and len(shaped.description) > limits.row_description_chars:
        notes.append(Degradation(DegradationKind.DESCRIPTION_CUT, shaped.id))
        shaped = replace(shaped, description=cut(shaped.description, limits.row_description_chars))
    return shaped


def _pages(sections: tuple[Section, ...], rows_per_page: int) -> Iterator[tuple[Section, ...]]:
    page: list[Section] = []
    room = rows_per_page
    for section in sections:
        rows = section.rows
        while rows:
            page.append(Section(rows[:room], section.title))
            room, rows = room - len(rows[:room]), rows[room:]
            if not room:
                yield tuple(page)
                page, room = [], rows_per_page
    if page:
        yield tuple(page)


def _page_body(body: str, number: int, pages: int, limits: Capabilities) -> str:
    mark = f" ({number}/{pages})"
    return cut(body, limits.body_chars - len(mark)) + mark


def _part_body(body: str, limits: Capabilities, notes: list[Degradation]) -> tuple[tuple[Output, ...], str]:
    """The texts to send before a choice, and the body left for it: a long body loses nothing."""
    if len(body) <= limits.body_chars:
        return (), body
    notes.append(Degradation(DegradationKind.TEXT_SPLIT))
    *before, last = split(body, limits.body_chars)
    return tuple(Text(piece) for piece in before), last


def _cut_frame(
    message: Buttons | OptionList, limits: Capabilities, notes: list[Degradation]
) -> tuple[str | None, str | None]:
    return (
        _cut_optional(message.header, limits.header_chars, DegradationKind.HEADER_CUT, notes),
        _cut_optional(message.footer, limits.footer_chars, DegradationKind.FOOTER_CUT, notes),
    )


def _cut_title(option: Option, limit: int, notes: list[Degradation]) -> Option:
    if len(option.title) <= limit:
        return option
    notes.append(Degradation(DegradationKind.TITLE_CUT, option.id))
    return replace(option, title=cut(option.title, limit))


def _cut(text: str, limit: int, kind: DegradationKind, notes: list[Degradation]) -> str:
    if len(text) <= limit:
        return text
    notes.append(Degradation(kind))
    return cut(text, limit)


def _cut_optional(text: str | None, limit: int, kind: DegradationKind, notes: list[Degradation]) -> str | None:
    return None if text is None else _cut(text, limit, kind, notes)


def _number(message: Buttons | OptionList, limits: Capabilities, notes: list[Degradation]) -> tuple[Output, ...]:
    options = tuple(options_of(message))
    if options:
        notes.append(Degradation(DegradationKind.TO_NUMBERED_TEXT))
    lines = [f"{number}. {_line(option)}" for number, option in enumerate(options, start=1)]
    parts = [message.header, message.body, "\n".join(lines), message.footer]
    return _shape_text("\n\n".join(part for part in parts if part), limits, notes)


def _line(option: Option) -> str:
    return f"{option.title}: {option.description}" if option.description else option.title


def options_of(output: Output | None) -> Iterator[Option]:
    """Every option of a choice in the order of its numbers; nothing for a text."""
    match output:
        case Buttons():
            yield from output.buttons
        case OptionList():
            for section in output.sections:
                yield from section.rows
        case Text() | None:
            return
        case _:
            assert_never(output)
