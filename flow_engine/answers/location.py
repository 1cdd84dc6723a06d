"""A place that was shared. The value is ``{"latitude", "longitude", "name"}``; the name may be null."""

from __future__ import annotations

import math

from flow_engine.answers.result import NotUnderstood, Parsed, Reason, Result
from flow_engine.vocabulary import JSON, MessageType, ReadOnlyJSON

_MAX_LATITUDE = 90
_MAX_LONGITUDE = 180


def read_location(type_: MessageType, content: ReadOnlyJSON) -> Result:
    if type_ is not MessageType.LOCATION:
        return NotUnderstood(Reason.WRONG_KIND)
    latitude = _degrees(content.get("latitude"), _MAX_LATITUDE)
    longitude = _degrees(content.get("longitude"), _MAX_LONGITUDE)
    if latitude is None or longitude is None:
        return NotUnderstood(Reason.IMPOSSIBLE)
    name = content.get("name")
    return Parsed({"latitude": latitude, "longitude": longitude, "name": name if isinstance(name, str) else None})


def _degrees(value: JSON, most: int) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if is_number and -most <= value <= most else None  # type: ignore[operator,return-value]  # see above
