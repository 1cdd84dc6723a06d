"""Lists with more rows than a channel shows: a page at a time, and a last row that leads to the next page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flow_engine.outputs.capabilities import Capabilities
from flow_engine.outputs.graphemes import cut
from flow_engine.outputs.output import Option, OptionList, Section
from flow_engine.outputs.shaping.changes import FILLER
from flow_engine.outputs.stamp import stamp_of

MORE: Final = "@more"
"""The id of the last row of a page. A tap on it shows the next page and is nothing else to the flow."""


def more_row(turn: int, title: str) -> Option:
    """The row that leads on through the question asked in ``turn``; its id carries the stamp that all options do."""
    return Option(MORE + stamp_of(turn), title)


type Page = tuple[Section, ...]


def pages_of(sections: Sequence[Section], max_rows: int, more: Option | None) -> list[Page]:
    """``sections`` in pages that leave room for ``more``; one page when everything fits."""
    rows = sum(len(section.rows) for section in sections)
    if rows <= max_rows:
        return [tuple(sections)]
    per_page = max(1, max_rows if more is None else max_rows - 1)
    pages: list[Page] = []
    page: list[Section] = []
    room = per_page
    for section in sections:
        rest = section.rows
        while rest:
            page.append(Section(rest[:room], section.title))
            room, rest = room - len(page[-1].rows), rest[room:]
            if not room:
                pages.append(tuple(page))
                page, room = [], per_page
    return [*pages, tuple(page)] if page else pages


def show_page(
    pages: Sequence[Page], number: int, body: str, limits: Capabilities, more: Option | None
) -> tuple[Page, str]:
    """The page ``number`` (from 1, and after the last comes the first), and the body that says which one it is."""
    if len(pages) == 1:
        return pages[0], body
    index = (number - 1) % len(pages)
    page, mark = pages[index], f" ({index + 1}/{len(pages)})"
    if len(body) + len(mark) <= limits.body_chars:
        body += mark
    if more is None:
        return page, body
    *before, last = page
    title = cut(more.title.strip(), limits.row_title_chars) or FILLER
    return (*before, Section((*last.rows, Option(more.id, title)), last.title)), body


def is_paged(question: OptionList, limits: Capabilities) -> bool:
    """Whether the customer sees only a part of ``question`` at a time."""
    return 0 < limits.max_rows < sum(len(section.rows) for section in question.sections)
