"""Puts another value into a YAML text and leaves everything else, comments too, as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from flow_engine.cases.writing import write_inline, write_value
from flow_engine.language.yaml_reader import Path
from flow_engine.vocabulary import JSON


@dataclass(slots=True)
class _Node:
    """Characters from ``start`` to ``end``; ``key`` is where its key begins, and in which column."""

    start: int
    end: int
    key: tuple[int, int] | None = None


def rewrite(text: str, path: Path, value: JSON) -> str | None:
    """``text`` with ``value`` at ``path``; ``None`` where the text has no such place."""
    nodes: dict[Path, _Node] = {}
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            _walk(next(events), events, (), nodes)
    node = nodes.get(path)
    if node is None:
        return None
    written = write_inline(value)
    start = node.start
    if node.key is not None:
        key_end, column = node.key
        start = text.index(":", key_end) + 1
        written = write_value(value, column)
    tail = "\n" if text[node.start : node.end].endswith("\n") else ""
    return text[:start] + written + tail + text[node.end :]


def _walk(event: yaml.Event, events: Iterator[yaml.Event], path: Path, nodes: dict[Path, _Node]) -> _Node:
    node = nodes[path] = _Node(_index(event.start_mark), _index(event.end_mark))
    if isinstance(event, yaml.MappingStartEvent):
        _walk_mapping(event, events, path, nodes)
    elif isinstance(event, yaml.SequenceStartEvent):
        index = 0
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            node.end = max(node.end, _walk(item, events, (*path, index), nodes).end)
            index += 1
        node.end = _end(event, item, node)
    return node


def _walk_mapping(
    event: yaml.MappingStartEvent, events: Iterator[yaml.Event], path: Path, nodes: dict[Path, _Node]
) -> None:
    node = nodes[path]
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        name = key.value if isinstance(key, yaml.ScalarEvent) else ""
        child = _walk(next(events), events, (*path, name), nodes)
        mark = key.start_mark
        if mark is not None and not event.flow_style:
            child.key = (_index(key.end_mark), mark.column)
        node.end = max(node.end, child.end)
    node.end = _end(event, key, node)


def _end(begin: yaml.CollectionStartEvent, end: yaml.Event, node: _Node) -> int:
    """A block ends with its last value; the parser would count the comments behind it."""
    return _index(end.end_mark) if begin.flow_style else node.end


def _index(mark: object) -> int:
    """Every event of PyYAML's own parser carries a mark with an index."""
    return int(getattr(mark, "index", 0))
