"""Numbers in words: "twenty-one", "treinta y cinco", "two thousand five hundred"."""

from __future__ import annotations

from collections.abc import Sequence

from flow_engine.answers.words import Words

_UNIT = 10
_HUNDRED = 100
_FIRST_TENS = 20
"""From here on a unit may follow the tens: "twenty one", never "ten one"."""


def read_spelled(tokens: Sequence[str], start: int, words: Words) -> tuple[int, int] | None:
    """The number whose words begin at ``start``, and the index after them; ``None`` if none begins there."""
    total, part, index = 0, None, start
    scale = None
    while index < len(tokens):
        token = tokens[index]
        if part is not None and token in words.join and _goes_on(part, tokens, index + 1, words):
            index += 1
            continue
        number = words.numbers.get(token)
        if number is None:
            number = words.ordinals.get(token)
        if number is not None and (part is None or _composes(part, number)):
            part = (part or 0) + number
        elif token in words.scales and (scale is None or words.scales[token] < scale):
            part, total, scale = _multiply(part, total, words.scales[token], scale)
        else:
            break
        index += 1
    return None if index == start else (total + (part or 0), index)


def _multiply(part: int | None, total: int, factor: int, scale: int | None) -> tuple[int | None, int, int | None]:
    """``two`` before ``hundred`` stays open for more; ``two`` before ``thousand`` is settled."""
    if factor == _HUNDRED:
        return (part or 1) * factor, total, scale
    return None, total + (part or 1) * factor, factor


def _goes_on(part: int, tokens: Sequence[str], index: int, words: Words) -> bool:
    number = words.numbers.get(tokens[index]) if index < len(tokens) else None
    return number is not None and part >= words.join_from and _composes(part, number)


def _composes(part: int, number: int) -> bool:
    tens = part % _HUNDRED
    if tens == 0:
        return 0 < number < _HUNDRED and part > 0
    return 0 < number < _UNIT and tens >= _FIRST_TENS and tens % _UNIT == 0
