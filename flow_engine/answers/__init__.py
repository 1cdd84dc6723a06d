"""Natural answers: what a customer writes, as a value. Deterministic and pure; language words are data (``words/``).

An answer that may mean several things is ``Ambiguous`` and never guessed. Nothing raises.
"""

from __future__ import annotations

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.folding import fold
from flow_engine.answers.formatting import format_answer
from flow_engine.answers.location import read_location
from flow_engine.answers.media import read_media
from flow_engine.answers.parsing import AnswerKind, parse_answer
from flow_engine.answers.phone import read_countries
from flow_engine.answers.result import Ambiguous, NotUnderstood, Parsed, Reason, Result, one_of
from flow_engine.answers.words import DEFAULT_LANGUAGE, Words, read_all_words
from flow_engine.answers.yes_no import parse_yes_no

__all__ = [
    "DEFAULT_LANGUAGE",
    "Ambiguous",
    "AnswerContext",
    "AnswerKind",
    "NotUnderstood",
    "Parsed",
    "Reason",
    "Result",
    "Words",
    "fold",
    "format_answer",
    "one_of",
    "parse_answer",
    "parse_yes_no",
    "read_all_words",
    "read_countries",
    "read_location",
    "read_media",
]
