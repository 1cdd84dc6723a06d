"""What an expression can call: one function, of the business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from flow_engine.expressions.filters.calendar import read_moment
from flow_engine.expressions.locale import Locale
from flow_engine.expressions.opening_hours import hours_of, is_open
from flow_engine.vocabulary import JSON

type Function = Callable[[JSON, JSON, Locale], JSON]
"""The root it stands under, its argument and the place: ``business.open_at(data.now)``. Total, as a filter."""

_DATE_CHARS: Final = len("2026-12-24")


def _open_at(business: JSON, time: JSON, locale: Locale) -> JSON:
    """A date alone asks whether the business opens on that day at all."""
    hours = hours_of(business) if isinstance(business, Mapping) else None
    moment: datetime | None = read_moment(time, locale)
    if moment is None or hours is None:
        return None
    minute = None if isinstance(time, str) and len(time) <= _DATE_CHARS else moment.hour * 60 + moment.minute
    return is_open(hours, moment.date(), minute)


FUNCTIONS: Final[Mapping[tuple[str, str], Function]] = {("business", "open_at"): _open_at}
"""Every function by its root and name."""
