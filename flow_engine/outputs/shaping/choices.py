"""Buttons and lists within a channel's limits.

Whatever becomes of them, every option can still be chosen: an id is never cut, and an output with an option that the
channel would refuse (an id that is too long or has blanks around it, a title of blanks, two options that look the
same) becomes numbered text, because a number leads to the whole id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flow_engine.outputs.capabilities import Capabilities
from flow_engine.outputs.output import Buttons, Option, OptionList, Output, Section
from flow_engine.outputs.shaping.changes import FILLER, DegradationKind, Notes, Shaped, Words
from flow_engine.outputs.shaping.paging import pages_of, show_page
from flow_engine.outputs.shaping.texts import (
    cut_label,
    drop_blank,
    is_blank,
    join_paragraphs,
    part_body,
    shape_frame,
    shape_text,
)


def shape_buttons(message: Buttons, limits: Capabilities, words: Words, notes: Notes) -> Shaped:
    if not 0 < len(message.buttons) <= limits.max_buttons:
        if message.buttons and limits.max_rows:
            notes.add(DegradationKind.BUTTONS_TO_LIST)
        rows = (Section(message.buttons),)
        as_list = OptionList(message.body, words.list_button, rows, message.header, message.footer)
        return shape_list(as_list, limits, words, notes)
    if not ids_fit(message.buttons, limits.button_id_chars, limits):
        return _number(message, limits, notes)
    cuts = Notes()
    buttons = tuple(_cut_title(button, limits.button_title_chars, cuts) for button in message.buttons)
    if not titles_differ(buttons):
        return _number(message, limits, notes)
    notes.changes += cuts.changes
    header, body, footer = shape_frame(message.header, message.body, message.footer, limits, notes)
    before, body = part_body(body, limits.body_chars, limits, notes)
    return (*before, Buttons(body, buttons, header, footer))


def shape_list(message: OptionList, limits: Capabilities, words: Words, notes: Notes) -> Shaped:
    sections = tuple(section for section in message.sections if section.rows)
    rows = tuple(row for section in sections for row in section.rows)
    if rows and len(sections) < len(message.sections):
        notes.add(DegradationKind.EMPTY_DROPPED)
    if not rows or (limits.max_rows == 1 < len(rows)):
        return _number(message, limits, notes)
    if not limits.max_rows:
        return _list_as_buttons(message, rows, limits, words, notes)
    cuts = Notes()
    shaped = _shape_sections(sections, limits, cuts)
    if not (ids_fit(rows, limits.row_id_chars, limits) and _rows_differ(rows, shaped)):
        return _number(message, limits, notes)
    notes.changes += cuts.changes
    return _send_list(message, shaped, limits, words, notes)


def _send_list(
    message: OptionList, sections: tuple[Section, ...], limits: Capabilities, words: Words, notes: Notes
) -> Shaped:
    header, body, footer = shape_frame(message.header, message.body, message.footer, limits, notes)
    before, body = part_body(body, limits.body_chars, limits, notes)
    button = message.button
    if is_blank(button):
        notes.add(DegradationKind.EMPTY_FILLED)
        button = FILLER if is_blank(words.list_button) else words.list_button
    caption = cut_label(button, limits.list_button_chars, DegradationKind.LIST_BUTTON_CUT, notes)
    pages = pages_of(sections, limits.max_rows, words.more)
    if words.more is not None:
        page, body = show_page(pages, message.page, body, limits, words.more)
        if len(pages) > 1:
            notes.add(DegradationKind.LIST_PAGED)
        return (*before, OptionList(body, caption, page, header, footer))
    if len(pages) > 1:
        notes.add(DegradationKind.LIST_SPLIT)
    shown = [show_page(pages, number, body, limits, None) for number in range(1, len(pages) + 1)]
    return (*before, *(OptionList(text, caption, page, header, footer) for page, text in shown))


def _list_as_buttons(
    message: OptionList, rows: tuple[Option, ...], limits: Capabilities, words: Words, notes: Notes
) -> Shaped:
    """Where a channel has buttons only, and enough of them; what rows say beyond their titles stands in the body."""
    if len(rows) > limits.max_buttons:
        return _number(message, limits, notes)
    notes.add(DegradationKind.LIST_TO_BUTTONS)
    told = "\n".join(_line(row) for row in rows if row.description or len(row.title) > limits.button_title_chars)
    buttons = Buttons(
        join_paragraphs(message.body, told),
        tuple(row._replace(description=None) for row in rows),
        message.header,
        message.footer,
    )
    return shape_buttons(buttons, limits, words, notes)


def _shape_sections(sections: tuple[Section, ...], limits: Capabilities, notes: Notes) -> tuple[Section, ...]:
    if len(sections) > 1 and any(section.title is None or is_blank(section.title) for section in sections):
        # WhatsApp refuses a second section when one of them has no title.
        notes.add(DegradationKind.SECTIONS_MERGED)
        sections = (Section(tuple(row for section in sections for row in section.rows)),)
    return tuple(_shape_section(section, limits, notes) for section in sections)


def _shape_section(section: Section, limits: Capabilities, notes: Notes) -> Section:
    title = drop_blank(section.title, notes)
    if title is not None:
        title = cut_label(title, limits.section_title_chars, DegradationKind.SECTION_TITLE_CUT, notes)
    return Section(tuple(_shape_row(row, limits, notes) for row in section.rows), title)


def _shape_row(row: Option, limits: Capabilities, notes: Notes) -> Option:
    description = drop_blank(row.description, notes, row.id)
    if len(row.title) > limits.row_title_chars and description is None:
        # The description has room for what the title has not.
        description = row.title
    shaped = _cut_title(row._replace(description=description), limits.row_title_chars, notes)
    if description is None:
        return shaped
    most = limits.row_description_chars
    return shaped._replace(description=cut_label(description, most, DegradationKind.DESCRIPTION_CUT, notes, shaped.id))


def ids_fit(options: Sequence[Option], most: int, limits: Capabilities) -> bool:
    """Whether the channel takes every id, and each leads to one option."""
    if limits.ids_in_bytes and any(len(option.id.encode("utf-8", "replace")) > most for option in options):
        return False
    if any(not option.id or len(option.id) > most or option.id != option.id.strip() for option in options):
        return False
    return len({option.id for option in options}) == len(options)


def titles_differ(options: Sequence[Option]) -> bool:
    """Whether every option has a title of its own."""
    if any(is_blank(option.title) for option in options):
        return False
    return len({option.title for option in options}) == len(options)


def _rows_differ(rows: Sequence[Option], sections: Sequence[Section]) -> bool:
    """Whether the rows have titles, and cutting has not made two look the same that did not before."""
    shaped = [row for section in sections for row in section.rows]
    if any(is_blank(row.title) for row in shaped):
        return False
    return len({(row.title, row.description) for row in shaped}) >= len({(row.title, row.description) for row in rows})


def _cut_title(option: Option, limit: int, notes: Notes) -> Option:
    title = cut_label(option.title, limit, DegradationKind.TITLE_CUT, notes, option.id)
    return option if title is option.title else option._replace(title=title)


def _number(message: Buttons | OptionList, limits: Capabilities, notes: Notes) -> Shaped:
    options = tuple(options_of(message))
    notes.add(DegradationKind.TO_NUMBERED_TEXT if options else DegradationKind.EMPTY_DROPPED)
    lines = "\n".join(f"{number}. {_line(option)}" for number, option in enumerate(options, start=1))
    return shape_text(join_paragraphs(message.header, message.body, lines, message.footer), limits, notes)


def _line(option: Option) -> str:
    title = option.id if is_blank(option.title) else option.title
    return f"{title}: {option.description}" if option.description and not is_blank(option.description) else title


def options_of(output: Output | None) -> Iterator[Option]:
    """Every option of a choice in the order of its numbers; nothing for anything else."""
    if isinstance(output, Buttons):
        yield from output.buttons
    elif isinstance(output, OptionList):
        for section in output.sections:
            yield from section.rows
