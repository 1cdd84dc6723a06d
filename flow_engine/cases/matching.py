"""How a value of a case is compared with what happened."""

from __future__ import annotations

from collections.abc import Mapping

from flow_engine.vocabulary import JSON


def is_part_of(expected: Mapping[str, JSON], actual: Mapping[str, JSON]) -> bool:
    """Every named key has its value; others are not looked at. ``None`` is also a key that is not there."""
    return all(agrees(value, actual.get(key)) for key, value in expected.items())


def agrees(expected: JSON, actual: JSON) -> bool:
    """Mappings by the keys that are named, everything else exactly; ``1`` is not ``true``."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and is_part_of(expected, actual)
    if isinstance(expected, list):
        same_length = isinstance(actual, list) and len(actual) == len(expected)
        return same_length and all(map(agrees, expected, actual))  # type: ignore[arg-type]  # a list, or not reached
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    return expected == actual
