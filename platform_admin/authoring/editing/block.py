"""The lines of one part of the text: a step, a task, or whatever else stands under a key of its own.

Structural changes rewrite the smallest such block and no line outside it, so a change in one step costs the same in a
conversation of ten steps and of a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flow_engine.language.yaml_reader import YAMLReading
from platform_admin.authoring.editing.edit import Path

_DEEP_MAPPINGS: Final = frozenset({"states", "tasks", "flows"})
"""Their keys are blocks; any other top-level key is one block with all that is in it."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines ``first`` to ``last`` (from 0, ``last`` excluded) hold the key at ``path`` and its value.

    ``indent`` is the column of the key. The empty path is the whole text.
    """

    path: Path
    first: int
    last: int
    indent: int


def block_around(path: Path, source: YAMLReading, lines: list[str]) -> Block:
    """The smallest block that holds ``path``."""
    candidate = _block_path(path)
    while candidate:
        found = block_of(candidate, source, lines)
        if found is not None:
            return found
        candidate = candidate[:-1]
    return Block((), 0, len(lines), 0)


def block_of(path: Path, source: YAMLReading, lines: list[str]) -> Block | None:
    """The lines of the key at ``path``; ``None`` when it does not begin a line of its own."""
    position = source.locations.key_position(path)
    if position is None:
        return None
    first, indent = position.line - 1, position.column - 1
    if lines[first][:indent].strip():
        return None
    last = first + 1
    for number in range(first + 1, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        if _indent(line) <= indent and not _is_list_of(line, indent):
            break
        last = number + 1
    return Block(path, first, last, indent)


def with_comments_above(block: Block, lines: list[str]) -> Block:
    """The block with the comment lines that stand right above it, at its own indent: they are about it."""
    first = block.first
    while first > 0 and lines[first - 1].strip().startswith("#") and _indent(lines[first - 1]) == block.indent:
        first -= 1
    return Block(block.path, first, block.last, block.indent)


def _block_path(path: Path) -> Path:
    depth = 1
    while len(path) > depth and path[depth - 1] in _DEEP_MAPPINGS and not (depth > 1 and path[depth - 1] == "tasks"):
        depth += 1
        if len(path) > depth and path[depth - 2] == "flows":
            depth += 1
    return path[:depth]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_list_of(line: str, indent: int) -> bool:
    """A list may stand at the indent of the key it belongs to."""
    return _indent(line) == indent and line.lstrip(" ").startswith("- ")
