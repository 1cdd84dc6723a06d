"""A value as people read it: what an answer with several meanings is offered back as."""

from __future__ import annotations

from datetime import date, datetime

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.parsing import AnswerKind
from flow_engine.vocabulary import JSON


def format_answer(kind: AnswerKind, value: JSON, context: AnswerContext, *, with_offset: bool = False) -> str:
    """``Fri 6 Mar``, ``17:00``, ``Fri 6 Mar, 17:00``, ``1234,5``: short enough for a button.

    ``with_offset`` is for the hour that the clocks show twice: ``02:30 (+01:00)``.
    """
    if kind is AnswerKind.DATE and isinstance(value, str):
        return _format_date(date.fromisoformat(value), context)
    if kind is AnswerKind.DATETIME and isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if with_offset:
            return f"{moment:%H:%M} ({moment.isoformat()[-6:]})"
        return f"{_format_date(moment.date(), context)}, {moment:%H:%M}"
    if isinstance(value, float):
        words = context.words
        return repr(value).replace(".", words.decimal.get(context.region, words.decimal[""]))
    return str(value)


def _format_date(day: date, context: AnswerContext) -> str:
    locale = context.words.locale
    text = locale.date_styles["short"].format(
        weekday=locale.weekdays[day.weekday()],
        weekday_short=locale.weekdays_short[day.weekday()],
        day=day.day,
        month=locale.months[day.month - 1],
        month_short=locale.months_short[day.month - 1],
        month_number=day.month,
        year=day.year,
    )
    return text if day.year == context.now.year else f"{text} {day.year}"
