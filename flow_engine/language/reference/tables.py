"""The tables of the reference that are made from code and data: filters, bounds, connectors, channels."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import flow_engine.limits
from flow_engine.expressions.filters import FILTERS
from flow_engine.outputs.capabilities import Capabilities, read_capabilities
from flow_engine.validation.catalog import COMMITTED
from flow_engine.vocabulary import MessageType


def filters_table() -> str:
    rows = [
        f"| `{name}` | {', '.join(known.parameters) or '–'} | `{known.example.replace('|', chr(92) + '|')}` |"
        for name, known in FILTERS.items()
    ]
    return _table(("filter", "arguments", "example"), rows)


def message_types() -> str:
    return ", ".join(f"`{kind.value}`" for kind in MessageType)


def bounds_table() -> str:
    """The bounds of a turn with the sentence that stands under each."""
    return _table(("bound", "value", ""), [f"| {name} | {value} | {why} |" for name, value, why in _bounds()])


def connectors_list() -> str:
    """The committed catalogue: what can be called, with what, and what comes back."""
    parts: list[str] = []
    for category, operations in json.loads(COMMITTED.read_text(encoding="utf-8")).items():
        for name, operation in operations.items():
            parameters = [
                f"`{parameter}`{'' if about['required'] else ' (optional)'}: {about['summary']}"
                for parameter, about in operation["parameters"].items()
            ]
            parts.append(f"**`{category}` `{name}`** ({operation['access']}): {operation['summary']}")
            parts += [f"- {parameter}" for parameter in parameters]
            parts.append(f"- gives `{json.dumps(operation['result'], ensure_ascii=False)}`\n")
    return "\n".join(parts)


def channels_table() -> str:
    channels = read_capabilities()
    rows = [
        f"| {field.name} | " + " | ".join(_shown(getattr(limits, field.name)) for limits in channels.values()) + " |"
        for field in fields(Capabilities)
    ]
    return _table(("", *channels), rows)


def _bounds() -> Iterator[tuple[str, str, str]]:
    tree = ast.parse(Path(flow_engine.limits.__file__).read_text(encoding="utf-8")).body
    for statement, following in pairwise(tree):
        match statement, following:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(text))):
                words = name.removeprefix("MAX_").replace("_", " ").lower()
                yield words, str(getattr(flow_engine.limits, name)), " ".join(text.replace("``", "`").split())
            case _:
                continue


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "–"
    return str(value) if value else "–"


def _table(head: tuple[str, ...], rows: list[str]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *rows]
    return "\n".join(lines)
