"""``data.today`` and ``data.now``: what the engine knows of the time, worked out when an expression asks for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, cast

from flow_engine.expressions.locale import Locale
from flow_engine.vocabulary import JSON, JSONObject

TODAY: Final = "today"
"""The date of the event in the tenant's zone, ``YYYY-MM-DD``."""

NOW: Final = "now"
"""The moment of the event in the tenant's zone, ISO 8601 with offset, to the second."""

COMPUTED: Final = frozenset((TODAY, NOW))
"""Names in data that nothing else may set."""

AT: Final = "@at"
"""Where a scope carries the moment of the event, a ``datetime``. No expression can look there.

Most events run no expression that asks for the time, and to write it down for each took a microsecond (measured).
A scope without it has both names in its data.
"""


def computed(at: datetime, locale: Locale) -> JSONObject:
    try:
        local = at.astimezone(locale.zone)
    except OverflowError:  # the first and last hours that a datetime can hold
        local = at
    now = local.isoformat(timespec="seconds")
    return {TODAY: now[:10], NOW: now}


def computed_member(name: str, locale: Locale, stored: Callable[[Any], JSON]) -> Callable[[Any], JSON]:
    """``data.today`` or ``data.now``; ``stored`` looks it up in data."""

    def member(scope: Any) -> JSON:  # noqa: ANN401  # a scope, which is more than JSON here
        at = scope.get(AT)
        return stored(scope) if at is None else computed(at, locale)[name]

    return member


def whole_data(locale: Locale) -> Callable[[Any], JSON]:
    """``data`` itself, with both names in it."""

    def data(scope: Any) -> JSON:  # noqa: ANN401  # see above
        at, stored = scope.get(AT), scope.get("data")
        return cast("JSON", stored if at is None else {**stored, **computed(at, locale)})

    return data
