"""What people write of days and hours as a row of codes, the same for every language.

========================= ============================================================================
``O1``                    a day from today: tomorrow
``W4`` ``M12``            a weekday (Monday is 0), a month
``N24``                   a number, in digits or words
``D24/12`` ``d24.12``     a date in digits; with a point it may be a time as well
``C17:30`` ``Z12:00``     a time in digits; noon and midnight
``Pnight``                a part of the day, by its name in ``dayparts``
``Uweek``                 a unit of time
``X`` ``F`` ``T``         next, the coming one, this one
``I`` ``E`` ``A`` ``R0``  in, from now, ago, now
``Y``                     a week on
``@``                     a time follows
``f`` ``q``               half, quarter
``p`` ``t``               minutes before the hour's name: past, to
``y`` ``m``               minutes after it: "y", "menos"
``|``                     or
``?``                     a word with two meanings
========================= ============================================================================
"""

from __future__ import annotations

import re
from typing import Final

from flow_engine.answers.folding import APOSTROPHES, fold_letters
from flow_engine.answers.spelled_numbers import read_spelled
from flow_engine.answers.words import Words

MAX_NOISE = 4
"""Words that mean nothing here: "friday would suit me very well". More of them are about something else."""

MAX_DIGITS = 8
"""Digits of one number in a date or time."""

_TOKEN: Final = re.compile(
    r"(?P<D>\d{4}-\d{1,2}-\d{1,2}(?!\d))"
    r"|(?P<C>\d{1,2}(?::\d{2}(?::\d{2})?|h\d{2})(?!\d))"
    r"|(?P<D2>\d{1,4}[/-]\d{1,4}(?:[/-]\d{1,4})?(?!\d))"
    r"|(?P<d>\d{1,2}\.\d{1,2}(?:\.\d{2,4})?(?!\d))"
    r"|(?P<N>\d+)(?:(?:st|nd|rd|th|er|[oa])\b)?"
    r"|(?P<word>[^\W\d_]+)"
)
_SPACED_MERIDIEM: Final = re.compile(r"(?<![^\W\d_])([ap])\.\s?m\b\.?")


def read_signs(text: str, words: Words, *, counts: bool = True) -> tuple[str, ...] | None:
    """The codes of ``text`` in order; ``None`` when it says what it does not mean, or too much of something else.

    With ``counts`` false a lone number that says how many there are of something is something else: "2 chairs".
    """
    plain = _SPACED_MERIDIEM.sub(r"\1m", fold_letters(text).translate(APOSTROPHES))
    codes: list[str | None] = []
    tokens: list[str] = []
    for match in _TOKEN.finditer(plain):
        kind = match.lastgroup or ""
        tokens.append(match[kind])
        codes.append(None if kind == "word" else f"{kind[0]}{match[kind]}")
    found = _read_words(tokens, codes, words)
    is_lone_number = found is not None and kinds(found).removeprefix("t") == "N"
    return None if is_lone_number and not counts and _counts_things(tokens, codes, words) else found


def _read_words(tokens: list[str], codes: list[str | None], words: Words) -> tuple[str, ...] | None:
    found: list[str] = []
    noise = index = 0
    while index < len(tokens):
        phrase = _longest_phrase(tokens, index, words)
        code = codes[index]
        if phrase:
            found.extend(words.signs[phrase])
            index += len(phrase)
        elif code is not None:
            if code[0] == "N" and len(code) > MAX_DIGITS:
                return None
            found.append(code)
            index += 1
        elif (number := read_spelled(tokens, index, words)) is not None:
            found.append(f"N{number[0]}")
            index = number[1]
        else:
            token = tokens[index]
            if token in words.denials:
                return None
            if token in words.alternatives:
                found.append("|")
            elif token not in words.fillers:
                noise += 1
            index += 1
    return None if noise > MAX_NOISE else tuple(found)


def _counts_things(tokens: list[str], codes: list[str | None], words: Words) -> bool:
    """Whether the one number stands in front of a word that may name things, and behind none that makes it a day."""
    for index, code in enumerate(codes):
        spelled = read_spelled(tokens, index, words) if code is None else (0, index + 1)
        if spelled is not None:
            after = spelled[1]
            if after == len(tokens) or (index > 0 and tokens[index - 1] in words.day_articles):
                return False
            return tokens[after] not in words.fillers and not _longest_phrase(tokens, after, words)
    return False


def _longest_phrase(tokens: list[str], start: int, words: Words) -> tuple[str, ...]:
    for length in range(min(words.longest_phrase, len(tokens) - start), 0, -1):
        phrase = tuple(tokens[start : start + length])
        if phrase in words.signs:
            return phrase
    return ()


def alternatives(codes: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The codes between one "or" and the next."""
    parts: list[tuple[str, ...]] = [()]
    for code in codes:
        if code == "|":
            parts.append(())
        else:
            parts[-1] = (*parts[-1], code)
    return _complete([part for part in parts if part])


def _complete(parts: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """A bare number shares what belongs to the other one: "3 or 4 april", "april 3 or 4", "5 or 6 pm"."""
    for index, part in enumerate(parts):
        after, before = parts[index + 1 : index + 2], parts[index - 1 : index] if index else []
        if kinds(part) in ("N", "@N"):
            if after and after[0][: len(part) - 1] == part[:-1] and len(after[0]) > len(part):
                parts[index] = part + after[0][len(part) :]
            elif after and kinds(after[0]).startswith("N"):
                parts[index] = part + after[0][1:]
            elif before and kinds(before[0]).endswith("N"):
                parts[index] = before[0][:-1] + part[-1:]
    return parts


def kinds(codes: tuple[str, ...]) -> str:
    """The first letter of every code, for a grammar to look at."""
    return "".join(code[0] for code in codes)
