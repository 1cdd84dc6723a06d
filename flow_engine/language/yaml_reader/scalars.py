"""Plain scalars to values, by the core schema of YAML 1.2.2 (section 10.3.2) and nothing beyond it.

YAML 1.1, which PyYAML follows by itself, reads ``no`` as false, ``12:30`` as 750 and ``on`` as true.
"""

from __future__ import annotations

import re
from typing import Final

from flow_engine.language.yaml_reader.limits import MAX_WHOLE_NUMBER
from flow_engine.vocabulary import JSON

_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+\Z")
_PREFIXED: Final = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)\Z")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_A_NUMBER: Final = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
_LONGEST_NUMBER_CHARS: Final = 40  # Room for every number within the bound; longer digits are never parsed.
_TOO_LARGE: Final = f"The number is larger than {MAX_WHOLE_NUMBER}."


def resolve_plain(text: str) -> JSON:
    """The value an unquoted scalar stands for. Raises ValueError for a number JSON cannot carry."""
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _NOT_A_NUMBER.match(text):
        raise ValueError(f"{text} is not a number that can be stored.")
    if len(text) > _LONGEST_NUMBER_CHARS:
        return _too_large_or_text(text)
    number: float | str = text
    if _INTEGER.match(text):
        number = int(text)
    elif _PREFIXED.match(text):
        number = int(text, 0)
    elif _FLOAT.match(text):
        number = float(text)
    if not isinstance(number, str) and abs(number) > MAX_WHOLE_NUMBER:
        raise ValueError(_TOO_LARGE)
    return number


def _too_large_or_text(text: str) -> str:
    if _INTEGER.match(text) or _PREFIXED.match(text) or _FLOAT.match(text):
        raise ValueError(_TOO_LARGE)
    return text
