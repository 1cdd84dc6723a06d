"""The names in data that the engine computes for every event, and that nothing else may set."""

from __future__ import annotations

from flow_engine.expressions import COMPUTED
from flow_engine.program.reading import Fields


def read_data_name(fields: Fields, key: str) -> str | None:
    """The name in data that ``key`` gives, if any."""
    name = fields.optional_text(key)
    check_data_name(fields, key, name)
    return name


def check_data_name(fields: Fields, key: str, name: str | None) -> None:
    if name == "" or name in COMPUTED:
        fields.fail(key, f"{name!r} cannot be set: the engine computes it" if name else "the name is empty")
