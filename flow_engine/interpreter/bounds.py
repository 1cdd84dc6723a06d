"""Whether an answer lies within ``min`` and ``max``. A bound that renders to nothing usable does not bind."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

from flow_engine.answers import AnswerKind
from flow_engine.vocabulary import JSON

_DATE_CHARS = len("2026-03-04")
_TIME_CHARS = len("17:00")


def is_within(kind: AnswerKind, value: JSON, least: JSON, most: JSON, zone: tzinfo) -> bool:
    measured = _measure(kind, value, zone)
    if kind is AnswerKind.TEXT and isinstance(value, str):
        measured = len(value)
    if measured is None:
        return True
    bound_kind = AnswerKind.NUMBER if kind is AnswerKind.TEXT else kind
    low, high = _measure(bound_kind, least, zone), _measure(bound_kind, most, zone)
    return not (low is not None and measured < low) and not (high is not None and measured > high)


def lies_behind(kind: AnswerKind, most: JSON, now: datetime) -> bool:
    """Nothing after today is wanted, so "friday" was last week."""
    if kind not in (AnswerKind.DATE, AnswerKind.DATETIME) or not isinstance(most, str):
        return False
    try:
        return date.fromisoformat(most[:_DATE_CHARS]) <= now.date()
    except ValueError:
        return False


def _measure(kind: AnswerKind, value: JSON, zone: tzinfo) -> float | None:
    """A number that grows with the value; ``None`` for what is no value of that kind."""
    try:
        match kind:
            case AnswerKind.NUMBER | AnswerKind.INTEGER:
                return None if value is None or isinstance(value, bool | list | dict) else float(value)
            case AnswerKind.DATE:
                return date.fromisoformat(str(value)[:_DATE_CHARS]).toordinal()
            case AnswerKind.TIME:
                at = time.fromisoformat(str(value)[-_TIME_CHARS:])
                return at.hour * 60 + at.minute
            case AnswerKind.DATETIME:
                moment = datetime.fromisoformat(str(value))
                return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
            case _:
                return None
    except (ValueError, OverflowError):
        return None
