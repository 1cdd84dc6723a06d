"""Plain JSON as YAML for people: block style, texts in quotes, short lists and mappings on one line."""

from __future__ import annotations

import json
import re
from typing import Final

from flow_engine.vocabulary import JSON

_LINE_CHARS: Final = 100
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_WORDS: Final = frozenset({"null", "true", "false", "y", "n", "yes", "no", "on", "off"})


def write_document(value: dict[str, JSON]) -> str:
    """A whole file."""
    return "".join(f"{_key(key)}:{write_value(item, 0)}\n" for key, item in value.items())


def write_value(value: JSON, indent: int) -> str:
    """What stands behind ``key:`` when the key stands ``indent`` columns in, blank or line break included."""
    if isinstance(value, str) and _is_block(value):
        pad = " " * (indent + 2)
        return " |-\n" + "\n".join(pad + line if line else "" for line in value.split("\n"))
    if isinstance(value, dict | list) and value and not _is_short(value, indent):
        return "\n" + _write_block(value, indent + 2)
    return " " + write_inline(value)


def write_inline(value: JSON) -> str:
    """On one line, whatever it is."""
    match value:
        case dict():
            return "{" + ", ".join(f"{_key(key)}: {write_inline(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(write_inline, value)) + "]"
        case str():
            quoted = json.dumps(value, ensure_ascii=False)
            return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)
        case _:
            return json.dumps(value)


def _write_block(value: JSON, indent: int) -> str:
    pad = " " * indent
    if isinstance(value, dict):
        return "\n".join(f"{pad}{_key(key)}:{write_value(item, indent)}" for key, item in value.items())
    items = value if isinstance(value, list) else []
    return "\n".join(f"{pad}-{_write_item(item, indent)}" for item in items)


def _write_item(item: JSON, indent: int) -> str:
    """The first line of a mapping stands beside its dash, unless the mapping fits on that line."""
    if isinstance(item, dict) and item and not _is_short(item, indent):
        return " " + _write_block(item, indent + 2).lstrip()
    return write_value(item, indent)


def _is_short(value: JSON, indent: int) -> bool:
    values = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if any(isinstance(item, dict | list) and item for item in values):
        return False
    return indent + len(write_inline(value)) <= _LINE_CHARS


def _is_block(text: str) -> bool:
    """Several lines that a ``|-`` block carries unchanged."""
    lines = text.split("\n")
    clean = all(line.isprintable() and line == line.strip() for line in lines)
    return len(lines) > 1 and clean and bool(lines[0]) and bool(lines[-1])


def _key(key: str) -> str:
    return key if _PLAIN_KEY.match(key) and key.lower() not in _WORDS else write_inline(key)
