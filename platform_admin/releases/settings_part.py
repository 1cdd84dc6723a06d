"""One part of the settings, by the path that leads to it: ``connectors.calendar``, ``channels.0``."""

from __future__ import annotations

from collections.abc import Mapping

from flow_engine.vocabulary import JSON


def part_at(settings: Mapping[str, JSON], path: str) -> JSON:
    """``None`` where there is none."""
    first, *rest = path.split(".")
    part = settings.get(first)
    for name in rest:
        match part:
            case dict():
                part = part.get(name)
            case list() if name.isdecimal() and int(name) < len(part):
                part = part[int(name)]
            case _:
                return None
    return part
