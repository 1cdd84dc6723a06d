"""Whole numbers. The value is a JSON integer."""

from __future__ import annotations

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.number import parse_number
from flow_engine.answers.result import Ambiguous, NotUnderstood, Parsed, Reason, Result, one_of


def parse_integer(text: str, context: AnswerContext) -> Result:
    result = parse_number(text, context)
    match result:
        case Parsed(value):
            return result if isinstance(value, int) else NotUnderstood(Reason.IMPOSSIBLE)
        case Ambiguous(candidates):
            return one_of([value for value in candidates if isinstance(value, int)])
        case NotUnderstood():
            return result
