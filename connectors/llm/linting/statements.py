"""The document as statements: each sentence or list item with its line, the headings above it and what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.llm.verification.blocks import VALID_UNTIL, plain
from connectors.llm.verification.lexicon import plain_letters
from connectors.llm.verification.marks import Mark, read_marks

HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")

_SENTENCE_END = re.compile(r"(?<=[.;!?])\s+(?=[A-ZÁÉÍÓÚÑ¿¡])")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class Statement:
    """``folded`` is the text as it is compared: lower case, no accents. ``marks`` are those of the verifier."""

    line: int
    headings: tuple[str, ...]
    text: str
    folded: str
    marks: tuple[Mark, ...]


def read_statements(markdown: str, language: str) -> tuple[Statement, ...]:
    """Every statement in order. ``language`` (es, en) decides how figures in words are read."""
    return tuple(_statements(markdown, "en" if language.startswith("en") else "es"))


def _statements(markdown: str, language: str) -> Iterator[Statement]:
    headings: dict[int, str] = {}
    for number, line in enumerate(markdown.splitlines(), 1):
        heading = HEADING.match(line)
        if heading is not None:
            level = len(heading[1])
            headings = {depth: title for depth, title in headings.items() if depth < level} | {level: heading[2]}
            continue
        if not line.strip() or VALID_UNTIL.match(line):
            continue
        for piece in _SENTENCE_END.split(plain(_BULLET.sub("", line)).strip()):
            yield Statement(
                number, tuple(headings.values()), piece, plain_letters(piece), tuple(read_marks(piece, language))
            )
