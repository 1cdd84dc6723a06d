"""What an author's value is called where another one was wanted."""

from __future__ import annotations

from flow_engine.vocabulary import JSON


def kind_of(value: JSON) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "a mapping"
