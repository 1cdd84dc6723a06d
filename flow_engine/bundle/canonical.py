r"""One value, one spelling: the bytes that are signed and hashed.

The rules are those of RFC 8785 (JSON Canonicalization Scheme), narrowed where JSON readers disagree:

* UTF-8 without a byte order mark; no white space; a lone surrogate is refused, not replaced;
* keys sorted by their UTF-16 code units (RFC 8785 section 3.2.3), each key once;
* strings escaped only where JSON demands it, control characters as ``\u00xx`` or their short form;
* integers within +/-(2**53 - 1); fractions as the shortest text that reads back the same, written as ECMAScript does;
  a fraction that is whole is written as an integer, NaN and the infinities are refused;
* at most ``MAX_DEPTH`` levels.

Nothing here knows what a bundle is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from json.encoder import encode_basestring
from typing import Never

from flow_engine.bundle.errors import MalformedError
from flow_engine.bundle.limits import MAX_DEPTH, MAX_SAFE_INTEGER
from flow_engine.vocabulary import JSON

_FIRST_EXPONENT_ABOVE = 21
_FIRST_EXPONENT_BELOW = -7
"""ECMAScript Number::toString (ECMA-262 section 6.1.6.1.20) writes an exponent outside this range only."""


def canonical_bytes(value: JSON) -> bytes:
    """The one spelling of ``value``. Raises ``MalformedError`` for what has none."""
    parts: list[str] = []
    _write(value, parts, depth=0)
    try:
        return "".join(parts).encode("utf-8")
    except UnicodeEncodeError as error:
        raise MalformedError("A text holds half of a surrogate pair, which is not a character.") from error


def read_canonical(data: bytes) -> JSON:
    """The value behind ``data``; refuses any spelling but the canonical one (``MalformedError``)."""
    try:
        value: JSON = json.loads(
            data.decode("utf-8"), object_pairs_hook=_object_of_unique_keys, parse_constant=_refuse_constant
        )
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise MalformedError("The bytes are not strict JSON in UTF-8.") from error
    if canonical_bytes(value) != data:
        raise MalformedError("The JSON is not in its canonical spelling.")
    return value


def _write(value: JSON, parts: list[str], *, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise MalformedError(f"The value is nested more than {MAX_DEPTH} levels deep.")
    match value:
        case None:
            parts.append("null")
        case bool():
            parts.append("true" if value else "false")
        case int():
            parts.append(_integer(value))
        case float():
            parts.append(_fraction(value))
        case str():
            parts.append(encode_basestring(value))
        case list():
            _write_list(value, parts, depth=depth + 1)
        case dict():
            _write_object(value, parts, depth=depth + 1)
        case _:
            # Reached only by callers that mypy does not see, such as data from a YAML reader.
            raise MalformedError(f"A value of type {type(value).__name__} has no place in JSON.")


def _write_list(items: list[JSON], parts: list[str], *, depth: int) -> None:
    parts.append("[")
    for index, item in enumerate(items):
        if index:
            parts.append(",")
        _write(item, parts, depth=depth)
    parts.append("]")


def _write_object(members: dict[str, JSON], parts: list[str], *, depth: int) -> None:
    parts.append("{")
    for index, key in enumerate(sorted(members, key=_sort_key)):
        if index:
            parts.append(",")
        parts.append(encode_basestring(key))
        parts.append(":")
        _write(members[key], parts, depth=depth)
    parts.append("}")


def _sort_key(key: object) -> bytes:
    if not isinstance(key, str):
        raise MalformedError(f"The key {key!r} is not a text.")
    return key.encode("utf-16-be", "surrogatepass")


def _integer(value: int) -> str:
    if abs(value) > MAX_SAFE_INTEGER:
        raise MalformedError(f"The integer {value} is outside +/-(2**53 - 1).")
    return str(value)


def _fraction(value: float) -> str:
    if not math.isfinite(value):
        raise MalformedError(f"{value} is not a number that JSON knows.")
    if value.is_integer():
        return _integer(int(value))
    sign = "-" if value < 0 else ""
    return sign + _digits_as_ecmascript(*_shortest_digits(abs(value)))


def _shortest_digits(value: float) -> tuple[str, int]:
    """Python's ``repr`` is the shortest text that reads back the same: its digits and decimal exponent."""
    mantissa, _, exponent = repr(value).partition("e")
    whole, _, rest = mantissa.partition(".")
    digits = (whole + rest).lstrip("0")
    leading_zeros = len(whole + rest) - len(digits)
    point = len(whole) - leading_zeros + int(exponent or 0)
    return digits.rstrip("0"), point


def _digits_as_ecmascript(digits: str, point: int) -> str:
    """``0.<digits> * 10**point`` in the notation of ECMA-262 section 6.1.6.1.20."""
    if 0 < point <= _FIRST_EXPONENT_ABOVE:
        return f"{digits[:point]}.{digits[point:]}"
    if _FIRST_EXPONENT_BELOW + 1 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    exponent = point - 1
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{'+' if exponent > 0 else '-'}{abs(exponent)}"


def _object_of_unique_keys(pairs: Sequence[tuple[str, JSON]]) -> dict[str, JSON]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key appears twice")
    return members


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not JSON")
