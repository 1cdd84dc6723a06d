"""Phone numbers. The value is E.164: ``+`` and up to fifteen digits.

A number without a country is one of the context's region. Where no region is known it is not understood, because
completing it would be a guess.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.result import NotUnderstood, Reason, Result, one_of

MIN_DIGITS = 7
MAX_DIGITS = 15
"""ITU-T E.164, section 6.2.1."""

_WRITTEN: Final = re.compile(r"(?<![\d+])(?:\+|00)?\(?\d[\d\s().\u00a0/-]{4,30}\d(?!\d)")
_COUNTRIES: Final = Path(__file__).parent / "countries.json"


@dataclass(frozen=True, slots=True)
class _Country:
    code: str
    trunk: str
    lengths: tuple[int, ...]


@cache
def read_countries() -> Mapping[str, _Country]:
    """Calling codes, trunk prefixes and lengths of national numbers. Reads a file, so loading calls it first."""
    raw = json.loads(_COUNTRIES.read_text(encoding="utf-8"))["countries"]
    return {name: _Country(code, trunk, tuple(lengths)) for name, (code, trunk, lengths) in raw.items()}


def parse_phone(text: str, context: AnswerContext) -> Result:
    numbers = [_complete(written, context.region) for written in _WRITTEN.findall(text)]
    found = [number for number in numbers if number is not None]
    if not found:
        return NotUnderstood(Reason.IMPOSSIBLE if numbers else Reason.UNKNOWN)
    return one_of([*found])


def _complete(written: str, region: str) -> str | None:
    digits = "".join(str(int(character)) for character in written if character.isdecimal())
    if written.startswith("+"):
        return _international(digits)
    if written.startswith("00"):
        return _international(digits[2:])
    country = read_countries().get(region)
    if country is None:
        return None
    national = digits.removeprefix(country.trunk) if len(digits) not in country.lengths else digits
    if len(national) in country.lengths:
        return f"+{country.code}{national}"
    # Written with the country's own code, but without the plus.
    rest = digits.removeprefix(country.code)
    return f"+{digits}" if rest != digits and len(rest) in country.lengths else None


def _international(digits: str) -> str | None:
    """A number of a country that is known must have a length of that country."""
    if not MIN_DIGITS <= len(digits) <= MAX_DIGITS or digits.startswith("0"):
        return None
    known = [country for country in read_countries().values() if digits.startswith(country.code)]
    if known and not any(_fits(digits, country) for country in known):
        # "+44 (0)20 …": the trunk prefix is dropped behind a country code.
        for country in known:
            national = digits.removeprefix(country.code)
            if country.trunk and national.startswith(country.trunk):
                shorter = country.code + national.removeprefix(country.trunk)
                if _fits(shorter, country):
                    return f"+{shorter}"
        return None
    return f"+{digits}"


def _fits(digits: str, country: _Country) -> bool:
    return len(digits) - len(country.code) in country.lengths
