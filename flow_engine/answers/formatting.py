"""A value as people read it: what an answer with several meanings is offered back as."""

from __future__ import annotations

from datetime import date, datetime

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.parsing import AnswerKind
from flow_engine.vocabulary import JSON


def format_answer(kind: AnswerKind, value: JSON, context: AnswerContext, *, with_offset: bool = False) -> str:
    """``friday 6 March``, ``17:00``, ``friday 6 March, 17:00``, ``1234,5``."""
    if kind is AnswerKind.DATE and isinstance(value, str):
        return _format_date(date.fromisoformat(value), context)
    if kind is AnswerKind.DATETIME and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        day = _format_date(moment.date(), context)
        return f"{day}, {moment:%H:%M}" + (f" ({moment:%:z})" if with_offset else "")
    if isinstance(value, float):
        words = context.words
        return repr(value).replace(".", words.decimal.get(context.region, words.decimal[""]))
    return str(value)


def _format_date(day: date, context: AnswerContext) -> str:
    locale = context.words.locale
    style = "long" if day.year == context.now.year else "full"
    return locale.date_styles[style].format(
        weekday=locale.weekdays[day.weekday()],
        weekday_short=locale.weekdays_short[day.weekday()],
        day=day.day,
        month=locale.months[day.month - 1],
        month_short=locale.months_short[day.month - 1],
        month_number=day.month,
        year=day.year,
    )
