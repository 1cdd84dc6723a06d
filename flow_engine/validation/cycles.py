"""Which nodes of a graph lead back to themselves, in time proportional to its edges."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping


def on_cycles(edges: Mapping[str, Collection[str]]) -> set[str]:
    """Every node from which a way of one or more edges leads back to it."""
    walk = _Walk(edges)
    for start in edges:
        if start not in walk.order:
            walk.visit(start)
    return walk.found


class _Walk:
    """Tarjan's walk for strongly connected components, with a list in the place of recursion."""

    def __init__(self, edges: Mapping[str, Collection[str]]) -> None:
        self.order: dict[str, int] = {}
        self.found: set[str] = set()
        self._edges = edges
        self._lowest: dict[str, int] = {}
        self._open: list[str] = []
        self._is_open: set[str] = set()

    def visit(self, start: str) -> None:
        work = [(start, self._enter(start))]
        while work:
            node, following = work[-1]
            new = self._next_new(node, following)
            if new is not None:
                work.append((new, self._enter(new)))
                continue
            work.pop()
            if work:
                before = work[-1][0]
                self._lowest[before] = min(self._lowest[before], self._lowest[node])
            if self._lowest[node] == self.order[node]:
                self._close(node)

    def _enter(self, node: str) -> Iterator[str]:
        self.order[node] = self._lowest[node] = len(self.order)
        self._open.append(node)
        self._is_open.add(node)
        return iter(self._edges.get(node, ()))

    def _next_new(self, node: str, following: Iterator[str]) -> str | None:
        for after in following:
            if after not in self.order:
                return after
            if after in self._is_open:
                self._lowest[node] = min(self._lowest[node], self.order[after])
        return None

    def _close(self, node: str) -> None:
        component = [self._open.pop()]
        while component[-1] != node:
            component.append(self._open.pop())
        self._is_open.difference_update(component)
        if len(component) > 1 or node in self._edges.get(node, ()):
            self.found.update(component)
