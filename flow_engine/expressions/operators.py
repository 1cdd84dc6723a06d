"""What the operators do to plain JSON values. Every one is total: it never raises and is bounded.

A combination that makes no sense yields null (arithmetic) or false (comparison).
"""

from __future__ import annotations

from flow_engine.expressions.limits import MAX_ITEMS, MAX_TEXT_CHARS
from flow_engine.expressions.text import is_number, to_text
from flow_engine.vocabulary import JSON

_MAX_COMPARED_DEPTH = 16  # Deeper structures count as different; nothing a flow builds nests so far.


def add(left: JSON, right: JSON) -> JSON:
    """Sum of two numbers; with a text on either side, both as text one after the other."""
    if isinstance(left, str) or isinstance(right, str):
        return (to_text(left) + to_text(right))[:MAX_TEXT_CHARS]
    if is_number(left) and is_number(right):
        return _bounded(left + right)
    return None


def subtract(left: JSON, right: JSON) -> JSON:
    """Difference of two numbers."""
    return _bounded(left - right) if is_number(left) and is_number(right) else None


def multiply(left: JSON, right: JSON) -> JSON:
    """Product of two numbers; a text is never repeated."""
    return _bounded(left * right) if is_number(left) and is_number(right) else None


def negate(value: JSON) -> JSON:
    """The number with the other sign."""
    return -value if is_number(value) else None


def less(left: JSON, right: JSON) -> bool:
    """Order of two numbers or of two texts (ISO dates and times order as text)."""
    if isinstance(left, str):
        return isinstance(right, str) and left < right
    return is_number(left) and is_number(right) and left < right


def less_or_equal(left: JSON, right: JSON) -> bool:
    """``left < right`` or the same; false for values that have no order."""
    if isinstance(left, str):
        return isinstance(right, str) and left <= right
    return is_number(left) and is_number(right) and left <= right


def equal(left: JSON, right: JSON) -> bool:
    """Same kind and same value; 1 equals 1.0, but neither ``true`` nor ``"1"``."""
    if isinstance(left, str):
        return left == right
    if isinstance(left, list | dict):
        return _equal_within(left, right, [MAX_ITEMS], 0)
    return _equal_scalars(left, right)


def contains(item: JSON, container: JSON) -> bool:
    """An item of a list, a part of a text, or a key of an object."""
    if isinstance(container, str):
        return isinstance(item, str) and item in container
    if isinstance(container, list):
        if isinstance(item, str):
            return item in container[:MAX_ITEMS]  # A text equals texts only, so Python's own search will do.
        budget = [MAX_ITEMS]
        return any(_equal_within(item, other, budget, 0) for other in container[:MAX_ITEMS])
    if isinstance(container, dict):
        return isinstance(item, str) and item in container
    return False


def _bounded(number: float) -> JSON:
    return number if is_number(number) else None


def _equal_scalars(left: JSON, right: JSON) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float):
        return isinstance(right, int | float) and left == right
    return type(left) is type(right) and left == right


def _equal_within(left: JSON, right: JSON, budget: list[int], depth: int) -> bool:
    """Deep equality that gives up (unequal) when the shared budget of looks or the depth is spent."""
    budget[0] -= 1
    if budget[0] < 0 or depth > _MAX_COMPARED_DEPTH:
        return False
    if isinstance(left, list):
        return (
            isinstance(right, list)
            and len(left) == len(right)
            and all(_equal_within(a, b, budget, depth + 1) for a, b in zip(left, right, strict=True))
        )
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and len(left) == len(right)
            and all(key in right and _equal_within(value, right[key], budget, depth + 1) for key, value in left.items())
        )
    return _equal_scalars(left, right) if not isinstance(right, list | dict) else False
