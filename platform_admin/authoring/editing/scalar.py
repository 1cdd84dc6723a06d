"""One value as it is written in YAML on one line, in the quotes its author used."""

from __future__ import annotations

import json
import re
from typing import Final

from flow_engine.language.yaml_reader import read_yaml
from flow_engine.vocabulary import JSON

_PLAIN: Final = re.compile(r"[^\W\d_][\w .áéíóúüñ-]*(?<! )")
"""Looks like a word: nothing in it that YAML could take for something else, also inside ``{}`` and ``[]``."""


_SAID_OTHERWISE: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""YAML 1.1, which other programs still read, takes these for something else (yaml.org/type/bool.html)."""


def is_scalar(value: JSON) -> bool:
    return not isinstance(value, dict | list)


def written(value: JSON, style: str | None) -> str:
    """``value``, which is no mapping and no list, in the quotes ``style`` where they can hold it.

    ``style`` is YAML's: ``'``, ``"``, or ``None`` for none.
    """
    if not isinstance(value, str):
        return json.dumps(value)
    if style is None and is_plain(value):
        return value
    if style == "'" and "\n" not in value and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    # A JSON string is a double-quoted YAML one; letters and emoji stay as they are.
    return json.dumps(value, ensure_ascii=False)


def is_plain(text: str) -> bool:
    """It may stand without quotes and still be read as this text."""
    if _PLAIN.fullmatch(text) is None or text.lower() in _SAID_OTHERWISE:
        return False
    return read_yaml(f"value: {text}").value == {"value": text}
