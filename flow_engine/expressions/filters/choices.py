"""``title_of``: how a choice that was offered reads, looked up by its id."""

from __future__ import annotations

from flow_engine.expressions.filters.filter import Filter
from flow_engine.expressions.limits import MAX_ITEMS
from flow_engine.vocabulary import JSON


def _title_of(value: JSON, arguments: tuple[JSON, ...]) -> JSON:
    """The ``title`` of the item of a list of options whose ``id`` is the argument; null without one."""
    wanted = arguments[0]
    if isinstance(wanted, str) and isinstance(value, list):
        for item in value[:MAX_ITEMS]:
            if isinstance(item, dict) and item.get("id") == wanted:
                return item.get("title")
    return None


TITLE_OF = Filter(
    parameters=("id",),
    required=1,
    build=lambda _locale: _title_of,
    example="{{ data.services | title_of: ('service_' + data.selected_service) }}",
)
