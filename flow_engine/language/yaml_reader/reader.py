"""The event stream of PyYAML's parser to plain JSON. Nothing is ever expanded, built or executed.

Depth, node count and size are checked while events arrive, so a bomb costs no more than its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NoReturn, Protocol

import yaml

from flow_engine.language.yaml_reader.characters import find_forbidden
from flow_engine.language.yaml_reader.fault import ReadingFault
from flow_engine.language.yaml_reader.limits import MAX_BYTES, MAX_DEPTH, MAX_FAULTS, MAX_NODES
from flow_engine.language.yaml_reader.locations import Locations, Path, Position, Span
from flow_engine.language.yaml_reader.scalars import resolve_plain
from flow_engine.language.yaml_reader.syntax import explain_syntax
from flow_engine.vocabulary import JSON

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE_KEY: Final = "<<"


@dataclass(frozen=True, slots=True)
class YAMLReading:
    """``value`` holds null in the place of every refused node; ``readable`` is false when there is none at all."""

    value: JSON
    readable: bool
    locations: Locations
    faults: tuple[ReadingFault, ...]


class _Mark(Protocol):
    line: int
    column: int


class _StopReading(Exception):  # noqa: N818  # control flow inside this file, never an error to anyone
    """The rest of the text is not worth, or not safe, reading."""


def read_yaml(text: str) -> YAMLReading:
    """Read one document. Never raises; everything wrong is in ``faults``, in the order of the text."""
    locations = Locations(text)
    refused = _refuse_unread(text)
    if refused is not None:
        return YAMLReading(None, readable=False, locations=locations, faults=(refused,))
    builder = _Builder(text, locations)
    try:
        value = builder.document()
    except _StopReading:
        return YAMLReading(None, readable=False, locations=locations, faults=tuple(builder.faults))
    return YAMLReading(value, readable=True, locations=locations, faults=tuple(builder.faults))


def _refuse_unread(text: str) -> ReadingFault | None:
    forbidden = find_forbidden(text)
    if forbidden is not None:
        index, name = forbidden
        before = text[:index]
        position = Position(before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)
        return ReadingFault("F001", f"The character {name} is not allowed.", "Delete it.", position)
    size = len(text.encode("utf-8"))
    if size > MAX_BYTES:
        message = f"The file has {size:,} bytes; at most {MAX_BYTES:,} are read."
        return ReadingFault("F002", message, "Split it into several flows.", Position(1, 1))
    return None


class _Builder:
    """One pass over the events of one text."""

    def __init__(self, text: str, locations: Locations) -> None:
        self.faults: list[ReadingFault] = []
        self._events = self._parse(text)
        self._locations = locations
        self._nodes = 0
        self._skipping = 0

    def _parse(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            message, hint, position = explain_syntax(error)
            self._stop("F003", message, hint, position)

    def document(self) -> JSON:
        event = self._next()
        while not isinstance(event, yaml.StreamEndEvent | yaml.DocumentStartEvent):
            event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            self._stop("F006", "The file is empty.", "A flow has at least id, initial_state and states.")
        value = self._node(self._next(), (), 1)
        while not isinstance(event, yaml.StreamEndEvent):
            event = self._next()
            if isinstance(event, yaml.DocumentStartEvent):
                hint = "Delete the line --- or move what follows to a file of its own."
                self._stop("F006", "The file holds more than one document.", hint, _start(event))
        return value

    def _next(self) -> yaml.Event:
        return next(self._events)

    def _node(self, event: yaml.Event, path: Path, depth: int) -> JSON:
        self._nodes += 1
        position = _start(event)
        if self._nodes > MAX_NODES:
            self._stop("F009", f"The file holds more than {MAX_NODES:,} values.", "Split it.", position)
        if depth > MAX_DEPTH:
            self._stop("F008", f"The file nests deeper than {MAX_DEPTH} levels.", "", position)
        style = event.style or None if isinstance(event, yaml.ScalarEvent) else None
        self._locations.add_value(path, Span(position, _position(event.end_mark), style))
        self._refuse_references(event, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, depth)
        return self._scalar(event, path) if isinstance(event, yaml.ScalarEvent) else None

    def _refuse_references(self, event: yaml.Event, path: Path) -> None:
        hint = "Write the value out where it is needed."
        if isinstance(event, yaml.AliasEvent):
            self._fault("F004", f"The reference *{event.anchor} is not allowed.", hint, _start(event), path)
        elif isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            self._fault("F004", f"The anchor &{event.anchor} is not allowed.", hint, _start(event), path)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._fault("F005", f"The tag {tag} is not allowed.", "Delete it.", _start(event), path)

    def _sequence(self, path: Path, depth: int) -> list[JSON]:
        items: list[JSON] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items)), depth + 1))
        return items

    def _mapping(self, path: Path, depth: int) -> dict[str, JSON]:
        members: dict[str, JSON] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, path, depth)
            if key is None:
                self._skip(depth)
            elif key in members:
                first = self._locations.of_key((*path, key)).line
                hint = "Keep one of the two."
                self._fault("F007", f"'{key}' stands here twice, first on line {first}.", hint, _start(event))
                self._skip(depth)
            else:
                self._locations.add_key((*path, key), _start(event))
                members[key] = self._node(self._next(), (*path, key), depth + 1)
        return members

    def _key(self, event: yaml.Event, path: Path, depth: int) -> str | None:
        """The key's text; None, and a fault, when it is no text."""
        if not isinstance(event, yaml.ScalarEvent):
            hint = "A text that begins with {{ or [ needs quotes around it."
            self._fault("F010", "A key must be a plain text.", hint, _start(event), path)
            self._skip(depth, event)
            return None
        self._refuse_references(event, path)
        if event.value == _MERGE_KEY and not event.style:
            hint = "Write the keys out."
            self._fault("F004", "The merge key << is not allowed.", hint, _start(event), path)
            return None
        return self._text(event, event.value, path)

    def _skip(self, depth: int, event: yaml.Event | None = None) -> None:
        """Read one node to its end and forget it."""
        kept, self._locations = self._locations, Locations("")
        self._skipping += 1
        self._node(event or self._next(), (), depth + 1)
        self._skipping -= 1
        self._locations = kept

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> JSON:
        if not event.style:
            try:
                value = resolve_plain(event.value)
            except ValueError as error:
                hint = "If it is a name or a phone number, put it in quotes."
                self._fault("F011", str(error), hint, _start(event), path)
                return None
            if not isinstance(value, str):
                return value
        return self._text(event, event.value, path)

    def _text(self, event: yaml.ScalarEvent, text: str, path: Path) -> str:
        """Check it once more: an escape brings in what the file itself may not hold."""
        forbidden = find_forbidden(text)
        if forbidden is None:
            return text
        message = f"The text holds the character {forbidden[1]}, which is not allowed."
        self._fault("F001", message, "Delete the escape.", _start(event), path)
        return ""

    def _fault(self, code: str, message: str, hint: str, at: Position, path: Path | None = None) -> None:
        self.faults.append(ReadingFault(code, message, hint, at, None if self._skipping else path))
        if len(self.faults) >= MAX_FAULTS:
            raise _StopReading

    def _stop(self, code: str, message: str, hint: str, at: Position | None = None) -> NoReturn:
        self.faults.append(ReadingFault(code, message, hint, at or Position(1, 1)))
        raise _StopReading


def _start(event: yaml.Event) -> Position:
    return _position(event.start_mark)


def _position(mark: _Mark | None) -> Position:
    """Both parsers of PyYAML mark every event; the type stubs leave the mark open."""
    return Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
