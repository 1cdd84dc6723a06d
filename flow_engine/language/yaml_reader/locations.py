"""Where in the file a node stands, and where inside a text a character stands."""

from __future__ import annotations

from dataclasses import dataclass

type Path = tuple[str | int, ...]
"""Keys and indexes from the root: ``("states", "MENU", "transitions", 0, "target")``."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the file; both count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """From the first character of a node to behind its last; ``style`` is YAML's (``'``, ``"``, ``|``, ``>``)."""

    start: Position
    end: Position
    style: str | None = None


class Locations:
    """Positions of all keys and values of one document. Filled by the reader, then only read."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._values: dict[Path, Span] = {}
        self._keys: dict[Path, Position] = {}

    def add_value(self, path: Path, span: Span) -> None:
        self._values[path] = span

    def add_key(self, path: Path, position: Position) -> None:
        self._keys[path] = position

    def of_value(self, path: Path) -> Position:
        """Where the value at ``path`` begins, or its nearest known ancestor."""
        while path and path not in self._values:
            path = path[:-1]
        span = self._values.get(path)
        return span.start if span else Position(1, 1)

    def of_key(self, path: Path) -> Position:
        """Where the key that leads to ``path`` begins; for a list item, the item itself."""
        return self._keys.get(path) or self.of_value(path)

    def key_position(self, path: Path) -> Position | None:
        """Where the key that leads to ``path`` begins; ``None`` for an item of a list and for what is not there."""
        return self._keys.get(path)

    def value_span(self, path: Path) -> Span | None:
        """From where to where the value at ``path`` stands; a mapping's or a list's span is its beginning."""
        return self._values.get(path)

    def inside(self, path: Path, value: str, offset: int) -> Position:
        """Where character ``offset`` (from 0) of the text ``value`` at ``path`` stands in the file.

        Exact for one-line texts without escapes and for ``|`` blocks; otherwise where the text begins.
        """
        span = self._values.get(path)
        if span is None:
            return self.of_value(path)
        if span.style == "|":
            return self._in_block(span, value, offset)
        if span.start.line != span.end.line:
            return span.start
        quote = 1 if span.style in ("'", '"') else 0
        first = span.start.column - 1 + quote
        if self._line(span.start.line)[first : span.end.column - 1 - quote] != value:
            return span.start
        return Position(span.start.line, first + offset + 1)

    def _in_block(self, span: Span, value: str, offset: int) -> Position:
        before = value[:offset]
        number = span.start.line + 1 + before.count("\n")
        column = offset - (before.rfind("\n") + 1)
        line = value.split("\n")[before.count("\n")]
        indent = self._line(number).find(line) if line else 0
        return Position(number, indent + column + 1) if indent >= 0 else span.start

    def _line(self, number: int) -> str:
        return self._lines[number - 1] if number <= len(self._lines) else ""
