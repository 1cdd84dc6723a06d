"""Yes and no."""

from __future__ import annotations

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.folding import APOSTROPHES, fold
from flow_engine.answers.result import NotUnderstood, Parsed, Reason, Result

_SIGNS = {"\U0001f44d": True, "\u2705": True, "\U0001f44e": False, "\u274c": False}
"""Thumbs and marks, which are answers in any language."""


def parse_yes_no(text: str, context: AnswerContext) -> Result:
    """The value is ``true`` or ``false``."""
    said = fold(text.translate(APOSTROPHES))
    if not said:
        signs = {answer for sign, answer in _SIGNS.items() if sign in text}
        return Parsed(signs.pop()) if len(signs) == 1 else NotUnderstood(Reason.UNKNOWN)
    yes, no = said in context.words.yes, said in context.words.no
    return Parsed(yes) if yes != no else NotUnderstood(Reason.UNKNOWN)
