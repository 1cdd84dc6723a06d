"""``{name}`` in a declared request or answer: filled with a value, and never anything more than filled.

Pure. A template is split once; filling it joins texts. What a value may become depends on where it stands: see ``fill``
for texts, ``fill_path`` for the segments of a path, ``fill_json`` for bodies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from connectors.errors import RejectedError
from connectors.plain_json import JSON

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_-]+)*")

_MAX_DEPTH = 20
"""Of a body. A flow's own data is no deeper."""


def names_in(template: JSON) -> Iterator[str]:
    """The names a template mentions, in order, wherever they stand. Raises ``ValueError`` for one that is none."""
    match template:
        case str():
            for found in _PLACEHOLDER.finditer(template):
                if not _NAME.fullmatch(found.group(1)):
                    raise ValueError(f"'{found.group()[:40]}' is no placeholder; write {{name}}")
                yield found.group(1)
        case list():
            for item in template:
                yield from names_in(item)
        case dict():
            for item in template.values():
                yield from names_in(item)
        case _:
            return


def fill(template: str, values: Mapping[str, JSON]) -> str:
    """``template`` with its values as text; what is absent is nothing."""
    return _PLACEHOLDER.sub(lambda found: as_text(look_up(values, found.group(1))), template)


def fill_path(template: str, values: Mapping[str, JSON]) -> str:
    """A path whose values stay inside their segment, whatever they hold.

    Raises ``RejectedError`` for a value that would leave its segment empty or make it ``.`` or ``..``.
    """
    filled = _PLACEHOLDER.sub(lambda found: quote(as_text(look_up(values, found.group(1))), safe=""), template)
    parts = template.split("/")
    for written, segment in zip(parts, filled.split("/"), strict=True):
        if segment != written and segment in ("", ".", ".."):
            raise RejectedError(f"the value for '{written[:40]}' cannot be part of an address")
    return filled


def fill_json(template: JSON, values: Mapping[str, JSON], *, depth: int = 0) -> JSON:
    """A document with its values. A text that is one placeholder becomes the value itself, with its type."""
    if depth > _MAX_DEPTH:
        raise RejectedError("the request's body is too deep")
    match template:
        case str():
            alone = _PLACEHOLDER.fullmatch(template)
            return look_up(values, alone.group(1)) if alone else fill(template, values)
        case list():
            return [fill_json(item, values, depth=depth + 1) for item in template]
        case dict():
            return {key: fill_json(item, values, depth=depth + 1) for key, item in template.items()}
        case _:
            return template


def look_up(value: JSON | Mapping[str, JSON], path: str) -> JSON:
    """What stands at ``path`` (``customer.names.0``); the whole where it is empty, ``None`` where there is nothing."""
    found: JSON | Mapping[str, JSON] = value
    for step in path.split(".") if path else ():
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and step.isascii() and step.isdigit():
            found = found[int(step)] if int(step) < len(found) else None
        else:
            return None
    return dict(found) if isinstance(found, Mapping) else found


def as_text(value: JSON) -> str:
    """A value as people write it: a whole number without a decimal point, true and false, nothing as nothing."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case str() | int() | float():
            return str(value)
        case list():
            return ", ".join(as_text(item) for item in value)
        case dict():
            raise RejectedError("a mapping cannot be written as text")
