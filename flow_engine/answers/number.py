"""Numbers: "1.234,50", "1,234.50", "dos", "twenty-one", "two and a half". The value is a JSON number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.folding import fold_letters
from flow_engine.answers.result import NotUnderstood, Reason, Result, one_of
from flow_engine.answers.spelled_numbers import read_spelled
from flow_engine.answers.words import Words

MAX_DIGITS = 15
"""Digits that a JSON number carries without loss (IEEE 754 double)."""

MAX_NOISE = 6
"""Words around a number: "we will be 4 people in all"."""

_GROUP = 3
_DECIMAL_POINT = "."
_TOKEN: Final = re.compile(
    r"(?P<number>(?:(?<![\w.,])[-+−])?\d+(?:[.,'’]\d+|[ \u00a0\u202f]\d{3}(?![\d]))*)|(?P<word>[^\W\d_]+)"
)

_FRACTION: Final = re.compile(r"(\d*)\s?([¼½¾])")
_FRACTIONS: Final = {"¼": "25", "½": "5", "¾": "75"}


@dataclass(frozen=True, slots=True)
class _Found:
    """A number in the text. ``article`` when it is perhaps only that: "una mesa"."""

    value: float
    article: bool = False


def parse_number(text: str, context: AnswerContext) -> Result:
    # Before folding, which makes "3½" the three characters 31⁄2.
    written = _FRACTION.sub(lambda found: f"{found[1] or 0}.{_FRACTIONS[found[2]]}", text)
    tokens = [match[0] for match in _TOKEN.finditer(fold_letters(written))]
    found: list[_Found] = []
    noise = index = 0
    while index < len(tokens):
        number = _read(tokens, index, context)
        if number is None:
            if tokens[index] in context.words.denials:
                return NotUnderstood(Reason.UNKNOWN)
            noise += tokens[index] not in context.words.fillers
            index += 1
            continue
        item, index = number
        if item is None:
            return NotUnderstood(Reason.IMPOSSIBLE)
        found.append(item)
    if not found or noise > MAX_NOISE:
        return NotUnderstood(Reason.UNKNOWN)
    real = [item for item in found if not item.article] or found
    return one_of([_plain(item.value) for item in real])


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _read(tokens: list[str], start: int, context: AnswerContext) -> tuple[_Found | None, int] | None:
    """The number at ``start`` and the index after it; with ``None`` for one that is written impossibly."""
    words = context.words
    # Only in front of everything: "más o menos 5" is no negative number.
    negative = start == 0 and tokens[0] in words.minus
    index = start + 1 if negative else start
    if index < len(tokens) and tokens[index] in words.halves:
        return _read_half(tokens, index, words)
    amount = _read_amount(tokens, index, context)
    if amount is None:
        return None
    value, end = amount
    if value is None:
        return None, end
    value, end = _read_rest(value, tokens, end, words)
    article = end == start + 1 and tokens[start] in words.articles
    return _Found(-value if negative else value, article), end


def _read_half(tokens: list[str], index: int, words: Words) -> tuple[_Found, int]:
    """As in "media docena", "half a dozen", "half"."""
    after = index + 1
    while after < len(tokens) and tokens[after] in words.fillers:
        after += 1
    if after < len(tokens) and tokens[after] in words.collectives:
        return _Found(words.collectives[tokens[after]] / 2), after + 1
    return _Found(0.5), index + 1


def _read_amount(tokens: list[str], index: int, context: AnswerContext) -> tuple[float | None, int] | None:
    if index >= len(tokens):
        return None
    token = tokens[index]
    if token[-1].isdecimal():
        return read_digits(token, context), index + 1
    spelled = read_spelled(tokens, index, context.words)
    if spelled is not None:
        return spelled
    count = context.words.collectives.get(token)
    return None if count is None else (count, index + 1)


def _read_rest(value: float, tokens: list[str], index: int, words: Words) -> tuple[float, int]:
    """What may follow: "2 mil", "two dozen", "dos y medio", "two and a half"."""
    factors = {**words.scales, **words.collectives} if index < len(tokens) else {}
    if index < len(tokens) and tokens[index] in factors:
        value *= factors[tokens[index]]
        index += 1
    after = index
    while after < len(tokens) and (tokens[after] in words.join or tokens[after] in words.fillers):
        after += 1
    if after > index and after < len(tokens) and tokens[after] in words.halves:
        return value + 0.5, after + 1
    return value, index


def read_digits(written: str, context: AnswerContext) -> float | None:
    """The number in digits with the separators of any country; ``None`` if they stand where none can stand."""
    sign = -1 if written[0] in "-−" else 1
    written = _without_spaces(written.lstrip("+-−"))
    parts = re.split(r"[.,]", written)
    if sum(map(len, parts)) > MAX_DIGITS:
        return None
    marks = [character for character in written if character in ".,"]
    whole, fraction = _part(parts, marks, context)
    if whole is None:
        return None
    number = "".join(whole)
    return sign * (float(f"{number}.{fraction}") if fraction else int(number))


def _without_spaces(written: str) -> str:
    """Spaces only part groups. An apostrophe does too (Switzerland), or is the decimal sign (Spain): "1'5"."""
    groups = re.split(r"['’]", re.sub(r"[ \u00a0\u202f]", "", written))
    is_decimal = len(groups) == 2 and groups[0].isdecimal() and len(groups[1]) != _GROUP  # noqa: PLR2004  # one sign
    return (_DECIMAL_POINT if is_decimal else "").join(groups)


def _part(parts: list[str], marks: list[str], context: AnswerContext) -> tuple[list[str] | None, str]:
    """The groups before the decimal sign and the digits after it."""
    if not marks:
        return parts, ""
    groups_of_three = len(parts[0]) <= _GROUP and parts[0] != "0" and all(len(part) == _GROUP for part in parts[1:])
    if len(marks) == 1:
        sign = context.words.decimal.get(context.region, context.words.decimal[""])
        return (parts, "") if groups_of_three and marks[0] != sign else (parts[:1], parts[1])
    if len(set(marks)) == 1:
        return (parts, "") if groups_of_three else (None, "")
    whole, last = parts[:-1], parts[-1]
    is_grouped = len(set(marks[:-1])) == 1 and marks[-1] != marks[0]
    if not is_grouped or len(whole[0]) > _GROUP or any(len(part) != _GROUP for part in whole[1:]):
        return None, ""
    return whole, last
