"""How a value is asked for."""

from __future__ import annotations

from enum import StrEnum


class FieldKind(StrEnum):
    """``TEXT`` and ``LINE`` are read by customers and may come in several languages; ``WORDS`` is a list of words.

    ``NAME`` is a word that only the flow itself reads, ``RULE`` an expression; both stand under "More".
    """

    TEXT = "text"
    LINE = "line"
    WORDS = "words"
    STEP = "step"
    OPTIONS = "options"
    SECTIONS = "sections"
    SWITCH = "switch"
    NUMBER = "number"
    SPAN = "span"
    CHOICE = "choice"
    NAME = "name"
    RULE = "rule"
    PAIRS = "pairs"
    LIST = "list"
