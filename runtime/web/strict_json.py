"""JSON as we accept it from outside: one meaning, or refused."""

from __future__ import annotations

import json
from typing import Never

from flow_engine.vocabulary import JSON


def read_strict_json(body: bytes) -> JSON:
    """Parse RFC 8259 JSON in UTF-8. Raises ``ValueError`` with a sentence for the sender.

    Refused beyond plain syntax, because readers disagree on them: ``NaN`` and the infinities, a key twice in one
    object, half of a surrogate pair, nesting deeper than Python's parser goes.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("the body is not UTF-8") from error
    try:
        value: JSON = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except RecursionError as error:
        raise ValueError("the body is nested too deeply") from error
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half of a surrogate pair") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"the body is not JSON: {error.msg} at line {error.lineno} column {error.colno}") from error
    return value


def _unique(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object holds the same key twice")
    return found


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a JSON number")
