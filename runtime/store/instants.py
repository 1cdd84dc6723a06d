"""Time on disk: whole microseconds since 1970-01-01 UTC.

Integers compare and index exactly, take eight bytes, and carry no zone to get wrong; microseconds are
what ``datetime`` can hold, so nothing is lost on the way.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """An aware datetime as stored. Integer arithmetic: no float may round an id's time stamp."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """A stored time, aware and in UTC."""
    return _EPOCH + timedelta(microseconds=micros)
