"""``parse_answer``: the parser of each kind of answer. One file per kind; a new kind is a line in the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.date import parse_date
from flow_engine.answers.date_time import parse_date_time
from flow_engine.answers.email import parse_email
from flow_engine.answers.integer import parse_integer
from flow_engine.answers.number import parse_number
from flow_engine.answers.phone import parse_phone
from flow_engine.answers.result import NotUnderstood, Reason, Result
from flow_engine.answers.text import parse_text
from flow_engine.answers.time import parse_time

MAX_ANSWER_CHARS = 200
"""A longer text holds more than a number or a date."""

MAX_TEXT_CHARS = 4096
"""WhatsApp's longest message."""


class AnswerKind(StrEnum):
    """What a state can collect."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    EMAIL = "email"
    PHONE = "phone"
    CHOICE = "choice"
    LOCATION = "location"
    MEDIA = "media"


PARSERS: Final[Mapping[AnswerKind, Callable[[str, AnswerContext], Result]]] = {
    AnswerKind.TEXT: parse_text,
    AnswerKind.NUMBER: parse_number,
    AnswerKind.INTEGER: parse_integer,
    AnswerKind.DATE: parse_date,
    AnswerKind.TIME: parse_time,
    AnswerKind.DATETIME: parse_date_time,
    AnswerKind.EMAIL: parse_email,
    AnswerKind.PHONE: parse_phone,
}
"""The kinds that are written. A choice is one of the options on offer; places and media are sent as such."""


def parse_answer(kind: AnswerKind, text: str, context: AnswerContext) -> Result:
    """What ``text`` says, read as ``kind``. Never raises."""
    if not text.strip():
        return NotUnderstood(Reason.EMPTY)
    if len(text) > (MAX_TEXT_CHARS if kind is AnswerKind.TEXT else MAX_ANSWER_CHARS):
        return NotUnderstood(Reason.TOO_LONG)
    parser = PARSERS.get(kind)
    return NotUnderstood(Reason.WRONG_KIND) if parser is None else parser(text, context)
