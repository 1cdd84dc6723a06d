"""Where each card stands: a tidy tree from where conversations begin, top to bottom.

A step hangs under the step that leads to it first, children stand in the order of the text, and subtrees stand as
close as their outlines allow (Reingold and Tilford, "Tidier drawings of trees", 1981). Changing one step moves only
what hangs under it or stands beside it; nothing is reshuffled for a prettier picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

CARD_WIDTH: Final = 184
CARD_GAP: Final = 24
ROW_GAP: Final = 64
"""Room for an arrow and its figures."""
MARGIN: Final = 48


@dataclass(frozen=True, slots=True)
class Place:
    """The upper left corner of a card, in pixels from that of the map."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """``parents``: the card each card hangs on; roots have none."""

    places: Mapping[str, Place]
    parents: Mapping[str, str]


def lay_out(
    names: Sequence[str], starts: Sequence[str], follows: Mapping[str, Sequence[str]], heights: Mapping[str, int]
) -> Layout:
    """A place for every name. ``follows`` are the steps that each leads to, the wanted ones first."""
    children, roots = _tree(names, starts, follows)
    rows = _rows(children, roots, heights)
    shapes = _shapes(children, roots)
    whole = _side_by_side([shapes[root] for root in roots])
    left = MARGIN - min((column for row in whole.rows for column in row), default=0.0)
    places = {name: Place(column + left, rows[name]) for name, column in whole.columns.items()}
    return Layout(places, {child: name for name, below in children.items() for child in below})


@dataclass(frozen=True, slots=True)
class _Shape:
    """A tree on its own: the column of each card, and per row the columns of its leftmost and rightmost card."""

    columns: dict[str, float]
    rows: tuple[tuple[float, float], ...]

    def moved(self, by: float) -> _Shape:
        return _Shape(
            {name: column + by for name, column in self.columns.items()},
            tuple((first + by, last + by) for first, last in self.rows),
        )


def _shapes(children: Mapping[str, Sequence[str]], roots: Sequence[str]) -> dict[str, _Shape]:
    """The shape of every tree that is a root's, leaves before what they hang on; no recursion, flows may be deep."""
    order = list(roots)
    for name in order:
        order += children[name]
    shapes: dict[str, _Shape] = {}
    for name in reversed(order):
        below = _side_by_side([shapes.pop(child) for child in children[name]])
        middle = sum(below.rows[0]) / 2 if below.rows else 0.0
        shapes[name] = _Shape({**below.columns, name: middle}, ((middle, middle), *below.rows))
    return shapes


def _side_by_side(shapes: Sequence[_Shape]) -> _Shape:
    """Each as close to those before it as the rows that both have allow."""
    columns: dict[str, float] = {}
    rows: list[tuple[float, float]] = []
    for shape in shapes:
        gaps = [last - first for (_, last), (first, _) in zip(rows, shape.rows, strict=False)]
        placed = shape.moved(max(gaps) + CARD_WIDTH + CARD_GAP if gaps else 0.0)
        columns |= placed.columns
        both = [(before[0], after[1]) for before, after in zip(rows, placed.rows, strict=False)]
        rows = [*both, *(rows[len(both) :] or placed.rows[len(both) :])]
    return _Shape(columns, tuple(rows))


def _tree(
    names: Sequence[str], starts: Sequence[str], follows: Mapping[str, Sequence[str]]
) -> tuple[dict[str, list[str]], list[str]]:
    """Children of every name, breadth first, and the roots: the starts, then whatever nothing leads to."""
    children: dict[str, list[str]] = {name: [] for name in names}
    roots: list[str] = []
    placed: set[str] = set()
    led_to = {target for name in names for target in follows.get(name, ()) if target != name}
    for root in (*starts, *(name for name in names if name not in led_to), *names):
        if root in placed or root not in children:
            continue
        roots.append(root)
        placed.add(root)
        front = [root]
        for here in front:
            new = [name for name in dict.fromkeys(follows.get(here, ())) if name in children and name not in placed]
            placed.update(new)
            children[here] += new
            front += new
    return children, roots


def _rows(children: Mapping[str, Sequence[str]], roots: Sequence[str], heights: Mapping[str, int]) -> dict[str, float]:
    """The upper edge of every card: a row begins under the tallest card of the row above."""
    rows: dict[str, float] = {}
    front, top = list(roots), float(MARGIN)
    while front:
        rows |= dict.fromkeys(front, top)
        top += max(heights[name] for name in front) + ROW_GAP
        front = [child for name in front for child in children[name]]
    return rows
