"""The names in data that the engine computes for every event, and that nothing else may set."""

from __future__ import annotations

from typing import Final

from flow_engine.program.reading import Fields

TODAY: Final = "today"
"""The date of the event in the tenant's zone, ``YYYY-MM-DD``."""

NOW: Final = "now"
"""The moment of the event in the tenant's zone, ISO 8601 with offset, to the second."""

COMPUTED: Final = frozenset((TODAY, NOW))


def read_data_name(fields: Fields, key: str) -> str | None:
    """The name in data that ``key`` gives, if any."""
    name = fields.optional_text(key)
    check_data_name(fields, key, name)
    return name


def check_data_name(fields: Fields, key: str, name: str | None) -> None:
    if name == "" or name in COMPUTED:
        fields.fail(key, f"{name!r} cannot be set: the engine computes it" if name else "the name is empty")
