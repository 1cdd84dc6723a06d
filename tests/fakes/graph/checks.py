"""The small checks that every kind of message shares. Each yields what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

type Object = dict[str, Any]


def keys(where: str, found: Object, known: set[str]) -> Iterator[str]:
    yield from (f"unknown key {key!r} in {where}" for key in found if key not in known)


def identifier(where: str, value: Any, most: int) -> Iterator[str]:
    yield from text(where, value, most)
    if isinstance(value, str) and value != value.strip():
        yield f"{where} has blanks around it"


def text(where: str, value: Any, most: int) -> Iterator[str]:
    if not isinstance(value, str) or not value.strip():
        yield f"{where} is missing or empty"
    elif len(value) > most:
        yield f"{where} has {len(value)} characters, at most {most}"


def unique(where: str, values: list[Any]) -> Iterator[str]:
    if len({str(value) for value in values}) < len(values):
        yield f"{where} is used twice"


def link(where: str, value: Any) -> Iterator[str]:
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s]+", value):
        yield f"{where} is no web address"


def number(where: str, value: Any, most: float) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
        yield f"{where} is no number from -{most:g} to {most:g}"


def media(kind: str, content: Object, more: set[str]) -> Iterator[str]:
    """``more`` are the keys beside the file itself, which is a link or the id of an upload."""
    yield from keys(kind, content, {"id", "link"} | more)
    if ("id" in content) == ("link" in content):
        yield f"{kind} needs either id or link"
    if "link" in content:
        yield from link(f"{kind}.link", content["link"])
    if "caption" in content:
        yield from text(f"{kind}.caption", content["caption"], 1024)
    if "filename" in content:
        yield from text(f"{kind}.filename", content["filename"], 240)
