"""One change into the text: by splicing where a word replaces a word, else by rewriting the smallest block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, assert_never

from flow_engine.language.yaml_reader import Position, YAMLReading
from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing.block import Block, block_around, block_of, with_comments_above
from platform_admin.authoring.editing.change import AddKey, Change, CopyKey, Insert, Put, RenameKey, Take, holder_of
from platform_admin.authoring.editing.edit import Path
from platform_admin.authoring.editing.rewriting import fragment, rewritten
from platform_admin.authoring.editing.scalar import is_plain, is_scalar, written

WHOLE_TEXT: Final = ()
_ONE_LINE_STYLES: Final = (None, "'", '"')


def write(text: str, source: YAMLReading, change: Change) -> str:
    """The text with the change made. ``source`` is ``text`` as it was read."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    match change:
        case Put(path, value):
            spliced = _spliced(lines, source, path, value)
            return spliced if spliced is not None else _rewritten(lines, source, change)
        case RenameKey(path, key):
            renamed = _renamed(lines, source, path, key)
            return renamed if renamed is not None else _rewritten(lines, source, change)
        case AddKey():
            return _with_new_key(lines, source, change)
        case CopyKey(path, key):
            return _with_copy(lines, source, path, key) or _rewritten(lines, source, change)
        case Take(path):
            return _without(lines, source, path) or _rewritten(lines, source, change)
        case Insert():
            return _rewritten(lines, source, change)
        case _:
            assert_never(change)


def splice_all(text: str, source: YAMLReading, changes: Sequence[Change]) -> str | None:
    """All changes at once, where each only puts one word in another's place; ``None`` where one of them does more.

    From the end to the beginning, so that what is still to be replaced stands where it was read.
    """
    lines = text.splitlines(keepends=True)
    places = [(source.locations.value_span(change.path), change) for change in changes]
    ordered = sorted(places, key=lambda place: place[0].start if place[0] else Position(0, 0), reverse=True)
    for _, change in ordered:
        spliced = _spliced(lines, source, change.path, change.value) if isinstance(change, Put) else None
        spliced = _renamed(lines, source, change.path, change.key) if isinstance(change, RenameKey) else spliced
        if spliced is None:
            return None
        lines = spliced.splitlines(keepends=True)
    return "".join(lines)


def write_whole(text: str, change: Change) -> str:
    """The text with the change made through the whole document: slower, and never confused by an odd layout."""
    lines = text.splitlines(keepends=True)
    return "".join(rewritten(lines, Block(WHOLE_TEXT, 0, len(lines), 0), change))


def _rewritten(lines: list[str], source: YAMLReading, change: Change) -> str:
    path = change.path if isinstance(change, Put) else change.path[:-1]
    block = block_around(path, source, lines)
    return "".join((*lines[: block.first], *rewritten(lines, block, change), *lines[block.last :]))


def _spliced(lines: list[str], source: YAMLReading, path: Path, value: JSON) -> str | None:
    """A value of one line in the place of another; ``None`` when it is not as simple as that."""
    span = source.locations.value_span(path)
    if span is None or not is_scalar(value) or span.start.line != span.end.line or span.start == span.end:
        return None
    holder, last = holder_of(source.value, path)
    old = holder[last]  # type: ignore[index] # the span says that it is there
    if not is_scalar(old) or span.style not in _ONE_LINE_STYLES or (isinstance(value, str) and "\n" in value):
        return None
    return _splice(lines, span.start, span.end, written(value, span.style))


def _renamed(lines: list[str], source: YAMLReading, path: Path, key: str) -> str | None:
    start = source.locations.key_position(path)
    if start is None or not is_plain(key):
        return None
    old = str(path[-1])
    if not lines[start.line - 1][start.column - 1 :].startswith(old):
        return None  # quoted, or written with escapes
    return _splice(lines, start, Position(start.line, start.column + len(old)), key)


def _with_new_key(lines: list[str], source: YAMLReading, change: AddKey) -> str:
    holder, key = holder_of(source.value, change.path)
    siblings = list(holder) if isinstance(holder, dict) else []
    after = change.after if change.after in siblings else next(reversed(siblings), None)
    beside = block_of((*change.path[:-1], str(after)), source, lines) if after is not None else None
    if beside is None:
        return _rewritten(lines, source, change)
    new = fragment(str(key), change.value, like=lines[beside.first : beside.last], indent=beside.indent)
    return "".join((*lines[: beside.last], *_gap(lines, beside), *new, *lines[beside.last :]))


def _with_copy(lines: list[str], source: YAMLReading, path: Path, key: str) -> str | None:
    block = block_of(path, source, lines)
    if block is None or not is_plain(key):
        return None
    first, *rest = lines[block.first : block.last]
    old = str(path[-1])
    if not first[block.indent :].startswith(old):
        return None
    copied = first[: block.indent] + key + first[block.indent + len(old) :]
    return "".join((*lines[: block.last], *_gap(lines, block), copied, *rest, *lines[block.last :]))


def _without(lines: list[str], source: YAMLReading, path: Path) -> str | None:
    """A block with the comments above it, and one of the empty lines it stood between."""
    holder, _ = holder_of(source.value, path)
    block = block_of(path, source, lines) if isinstance(holder, dict) and len(holder) > 1 else None
    if block is None:
        return None
    block = with_comments_above(block, lines)
    last = block.last
    while last < len(lines) and not lines[last].strip() and (block.first == 0 or not lines[block.first - 1].strip()):
        last += 1
    return "".join((*lines[: block.first], *lines[last:]))


def _gap(lines: list[str], block: Block) -> list[str]:
    """An empty line between blocks where there is one above or below this one too."""
    neighbours = (with_comments_above(block, lines).first - 1, block.last)
    return ["\n"] if any(0 <= line < len(lines) and not lines[line].strip() for line in neighbours) else []


def _splice(lines: list[str], start: Position, end: Position, new: str) -> str:
    line = lines[start.line - 1]
    changed = line[: start.column - 1] + new + line[end.column - 1 :]
    return "".join((*lines[: start.line - 1], changed, *lines[start.line :]))
