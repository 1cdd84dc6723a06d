"""What choices are called, by their payload."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.vocabulary import JSON, JSONObject


def titles_of(document: JSONObject) -> dict[str, str]:
    """Every option of a flow's document: id → title (in the first of its languages), where it is offered first."""
    return dict(reversed(list(_options(document))))


def _options(value: JSON) -> Iterator[tuple[str, str]]:
    match value:
        case {"id": str(key), "title": title}:
            yield key, first_text(title)
        case dict():
            for item in value.values():
                yield from _options(item)
        case list():
            for item in value:
                yield from _options(item)
        case _:
            return


def first_text(value: JSON) -> str:
    """A text as it is, one of several languages by the first."""
    if isinstance(value, dict):
        return first_text(next(iter(value.values()), ""))
    return str(value)
