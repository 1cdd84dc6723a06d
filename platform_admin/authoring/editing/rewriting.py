"""A block of the text through ruamel.yaml: the change is made on a tree that remembers comments and quotes."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Final, cast

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, PlainScalarString

from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing.block import Block
from platform_admin.authoring.editing.change import (
    AddKey,
    Change,
    Insert,
    Put,
    make,
)
from platform_admin.authoring.editing.scalar import is_plain

_NEVER_FOLDED: Final = 1_000_000
"""Characters. A text the author wrote on one line stays on one line."""

_LIST_UNDER_KEY: Final = re.compile(r"^( *)(?:[^\s#-].*)?[^\s#]:[ ]*(?:#.*)?\n+( *)- ", re.MULTILINE)
_LITERAL_UNSAFE: Final = re.compile(r"^[ \t]|[ \t]+$|^\n|\n\n\Z|[^\S \n]", re.MULTILINE)
"""What a ``|`` block would not give back letter by letter: leading blanks, blanks at a line's end, odd white space."""


def rewritten(lines: list[str], block: Block, change: Change) -> list[str]:
    """The lines of ``block`` with ``change`` made inside it; its path is still counted from the document's root."""
    text = "".join(
        line[block.indent :] if line[: block.indent].isspace() else line for line in lines[block.first : block.last]
    )
    yaml = _round_trip(text)
    tree = yaml.load(text)
    make(cast("JSON", tree), _inside(change, block))
    out = io.StringIO()
    yaml.dump(tree, out)
    return indented(out.getvalue(), block.indent)


def fragment(key: str, value: JSON, *, like: list[str], indent: int) -> list[str]:
    """The lines of a new key, its lists indented as those of the lines ``like``."""
    yaml = _round_trip("".join(like))
    out = io.StringIO()
    yaml.dump({key: _as_written(value)}, out)
    return indented(out.getvalue(), indent)


def indented(text: str, indent: int) -> list[str]:
    return [" " * indent + line if line.strip() else line for line in text.splitlines(keepends=True)]


def _inside(change: Change, block: Block) -> Change:
    """The same change, counted from the block; new values in the quotes this product's files use."""
    path = change.path[max(len(block.path) - 1, 0) :]
    match change:
        case Put(_, value):
            return Put(path, _as_written(value))
        case Insert(_, value):
            return Insert(path, _as_written(value))
        case AddKey(_, value, after):
            return AddKey(path, _as_written(value), after)
        case _:
            return replace(change, path=path)


def _round_trip(text: str) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _NEVER_FOLDED
    yaml.allow_unicode = True
    found = _LIST_UNDER_KEY.search(text)
    offset = len(found[2]) - len(found[1]) if found else 2
    yaml.indent(mapping=2, sequence=2 + offset, offset=offset)
    return yaml


def _as_written(value: JSON) -> JSON:
    """Texts of people in double quotes, names without, several lines as a block."""
    match value:
        case dict():
            return {key: _as_written(member) for key, member in value.items()}
        case list():
            return [_as_written(item) for item in value]
        case str() if "\n" in value and not _LITERAL_UNSAFE.search(value):
            return cast("str", LiteralScalarString(value))
        case str() if is_plain(value) and " " not in value:
            return cast("str", PlainScalarString(value))
        case str():
            return cast("str", DoubleQuotedScalarString(value))
        case _:
            return value
