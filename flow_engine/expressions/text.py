"""A value as a customer reads it, and the tests of kind that every operation shares. Nothing raises."""

from __future__ import annotations

from typing import TypeGuard

from flow_engine.expressions.limits import MAX_ITEMS, MAX_NUMBER, MAX_TEXT_CHARS
from flow_engine.vocabulary import JSON


def to_text(value: JSON) -> str:
    """The value as text: nothing for null and objects, ``a, b`` for lists, ``3`` for 3.0.

    At most MAX_TEXT_CHARS characters. A number beyond MAX_NUMBER shows nothing rather than digits
    nobody can check (Python itself refuses to print the largest ones).
    """
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT_CHARS else value[:MAX_TEXT_CHARS]
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return join_texts(value, ", ")
    if isinstance(value, bool):
        return "true" if value else "false"
    return _number_text(value) if is_number(value) else ""


def join_texts(items: list[JSON], separator: str) -> str:
    """The items' texts with ``separator`` between them; items without a text of their own are left out."""
    texts: list[str] = []
    room = MAX_TEXT_CHARS
    for item in items[:MAX_ITEMS]:
        text = "" if isinstance(item, list) else to_text(item)
        if text:
            texts.append(text)
            room -= len(text) + len(separator)
            if room <= 0:
                break
    return separator.join(texts)[:MAX_TEXT_CHARS]


def is_number(value: JSON) -> TypeGuard[int | float]:
    """True for a finite number within the bounds of arithmetic; a bool is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -MAX_NUMBER <= value <= MAX_NUMBER


def _number_text(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
