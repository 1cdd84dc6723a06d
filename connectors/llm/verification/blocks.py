"""The knowledge document as numbered blocks: what a model may quote and what a customer may be sent.

A block is the text between two blank lines or headings. A list stays with the line that introduces
it (``We offer:``), because the items mean nothing without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*\s*$")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
VALID_UNTIL = re.compile(r"^\s*(?:<!--\s*)?valid_until:\s*(.*?)\s*(?:-->)?\s*$", re.IGNORECASE)
"""A line of its own in a section: until when it holds. For those who keep the document; no customer reads it."""

_LINK = re.compile(r"!?\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|~~|`{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")


@dataclass(frozen=True, slots=True)
class Block:
    """``number`` counts from 1. ``text`` is as written; ``headings`` are those above it, outermost first."""

    number: int
    headings: tuple[str, ...]
    text: str
    folded: str = field(compare=False, repr=False)
    """``text`` as quotes are looked up in it"""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A document, read once and asked often."""

    blocks: tuple[Block, ...]

    def block(self, number: int) -> Block | None:
        return self.blocks[number - 1] if 1 <= number <= len(self.blocks) else None


def fold(text: str) -> str:
    """``text`` as quotes are compared: composed (NFC), every run of white space one blank."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def plain(line: str) -> str:
    """``line`` without the marks of markdown that mean nothing in a chat."""
    line = _LINK.sub(lambda link: link[2] if link[1] == link[2] else f"{link[1]} ({link[2]})", line)
    line = _EMPHASIS.sub(r"\2", line).rstrip().removesuffix("\\")
    if line.lstrip().startswith("|"):
        line = ", ".join(cell.strip() for cell in line.strip().strip("|").split("|") if cell.strip())
    return line


def read_knowledge(markdown: str) -> Knowledge:
    """Every block of the document in order."""
    blocks: list[Block] = []
    headings: dict[int, str] = {}
    lines: list[str] = []

    def close() -> None:
        text = "\n".join(lines).strip()
        if text:
            blocks.append(Block(len(blocks) + 1, tuple(headings.values()), text, fold(text)))
        lines.clear()

    for line in _joined_lists(markdown.splitlines()):
        heading = _HEADING.match(line)
        if heading is not None:
            close()
            level = len(heading[1])
            headings = {depth: title for depth, title in headings.items() if depth < level}
            headings[level] = heading[2]
        elif not line.strip():
            close()
        elif not _TABLE_RULE.match(line) and not VALID_UNTIL.match(line):
            lines.append(line.rstrip())
    close()
    return Knowledge(tuple(blocks))


def _joined_lists(lines: Iterable[str]) -> Iterable[str]:
    """Drop blank lines after a line that ends with a colon: what follows is what it introduces."""
    introduced = False
    for line in lines:
        stripped = line.strip()
        if introduced and not stripped:
            continue
        introduced = stripped.endswith(":") and not stripped.startswith("#")
        yield line
