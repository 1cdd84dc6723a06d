"""Reads single JSON values of a stored snapshot. A wrong type is a ``TypeError``, for the codec to translate."""

from __future__ import annotations

from flow_engine.vocabulary import JSON, JSONObject

_TEXT = {str}


def text(value: JSON) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {value!r}")
    return value


def optional_text(value: JSON) -> str | None:
    return None if value is None else text(value)


def texts(value: JSON) -> tuple[str, ...]:
    """A list of texts; none at all where there is nothing."""
    if not isinstance(value, list):
        return ()
    if set(map(type, value)) - _TEXT:
        raise TypeError(f"texts were expected, not {value!r}")
    return tuple(value)  # type: ignore[arg-type]  # see above


def items(value: JSON) -> list[JSON]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError(f"a list was expected, not {value!r}")
    return value


def json_object(value: JSON) -> JSONObject:
    """An object; an empty one where there is nothing."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError(f"an object was expected, not {value!r}")
    return value


def named_texts(value: JSON) -> dict[str, str]:
    return {name: text(member) for name, member in value.items()} if isinstance(value, dict) else {}


def count(value: JSON) -> int:
    """A number from 0; whatever is none counts as 0."""
    return value if isinstance(value, int) and value > 0 else 0
