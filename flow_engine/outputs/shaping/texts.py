"""Texts within their limits: split where they stand alone, cut where they are a label."""

from __future__ import annotations

from flow_engine.outputs.capabilities import Capabilities
from flow_engine.outputs.graphemes import cut, split
from flow_engine.outputs.output import Text
from flow_engine.outputs.shaping.changes import FILLER, DegradationKind, Notes


def shape_text(body: str, limits: Capabilities, notes: Notes) -> tuple[Text, ...]:
    if is_blank(body):
        notes.add(DegradationKind.EMPTY_DROPPED)
        return ()
    if len(body) <= limits.text_chars:
        return (Text(body),)
    notes.add(DegradationKind.TEXT_SPLIT)
    return tuple(Text(piece) for piece in split(body, limits.text_chars))


def text_with_link(words: str, url: str, limits: Capabilities, notes: Notes) -> tuple[Text, ...]:
    """``words`` and the address under them; an address is never parted."""
    if len(url) > limits.text_chars or is_blank(url):
        notes.add(DegradationKind.LINK_UNUSABLE)
        return shape_text(words, limits, notes)
    together = f"{words}\n{url}"
    if is_blank(words):
        return (Text(url),)
    if len(together) <= limits.text_chars:
        return (Text(together),)
    return (*shape_text(words, limits, notes), Text(url))


def part_body(body: str, limit: int, limits: Capabilities, notes: Notes) -> tuple[tuple[Text, ...], str]:
    """The texts to send ahead of a message, and the rest that stands in it: a long body loses nothing."""
    if is_blank(body):
        notes.add(DegradationKind.EMPTY_FILLED)
        return (), FILLER
    if len(body) <= limit:
        return (), body
    notes.add(DegradationKind.TEXT_SPLIT)
    *before, last = split(body, min(limit, limits.text_chars))
    return tuple(Text(piece) for piece in before), last


def shape_frame(
    header: str | None, body: str, footer: str | None, limits: Capabilities, notes: Notes
) -> tuple[str | None, str, str | None]:
    """Header, body and footer; a header or footer that is too long for its place moves into the body."""
    header, footer = drop_blank(header, notes), drop_blank(footer, notes)
    if header is not None and len(header) > limits.header_chars:
        notes.add(DegradationKind.HEADER_MOVED)
        header, body = None, join_paragraphs(header, body)
    if footer is not None and len(footer) > limits.footer_chars:
        notes.add(DegradationKind.FOOTER_MOVED)
        body, footer = join_paragraphs(body, footer), None
    return header, body, footer


def join_paragraphs(*parts: str | None) -> str:
    return "\n\n".join(part for part in parts if part and not is_blank(part))


def drop_blank(text: str | None, notes: Notes, subject: str = "") -> str | None:
    """A label of blanks is refused by channels; without one they show nothing, which is the same."""
    if text is None or not is_blank(text):
        return text
    notes.add(DegradationKind.EMPTY_DROPPED, subject)
    return None


def cut_label(text: str, limit: int, kind: DegradationKind, notes: Notes, subject: str = "") -> str:
    if len(text) <= limit:
        return text
    notes.add(kind, subject)
    return cut(text, limit)


def is_blank(text: str) -> bool:
    return not text or text.isspace()
