"""Markdown as the author will see it; HTML in it stays text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from markdown_it import MarkdownIt

_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).enable("table")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading: its words, its depth (1 to 6) and its line in the text, from 1."""

    title: str
    level: int
    line: int


def preview(markdown: str) -> str:
    """Safe HTML: raw HTML is shown as text, and only ordinary links are links (markdown-it's own validation)."""
    return str(_MARKDOWN.render(markdown))


def outline(markdown: str) -> tuple[Section, ...]:
    tokens = _MARKDOWN.parse(markdown)
    return tuple(
        Section(tokens[index + 1].content, int(token.tag[1:]), (token.map or [0])[0] + 1)
        for index, token in enumerate(tokens)
        if token.type == "heading_open"
    )
