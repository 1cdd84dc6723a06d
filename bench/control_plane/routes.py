"""Every address of the control plane, taken from the resolver that serves them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """``name`` is ``namespace:name``, or the pattern where there is none; ``parameters`` are those of the address."""

    name: str
    pattern: str
    parameters: tuple[str, ...]


@cache
def every_route() -> tuple[Route, ...]:
    return tuple(_walk(get_resolver(), "", "", ()))


def _walk(resolver: URLResolver, before: str, namespace: str, parameters: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        has = (*parameters, *_parameters(entry))
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner, has)
        elif entry.name is not None:
            yield Route(namespace + entry.name, pattern, has)
        else:
            yield Route(pattern, pattern, has)


def _parameters(entry: URLPattern | URLResolver) -> tuple[str, ...]:
    converters: Iterable[str] = getattr(entry.pattern, "converters", ())
    return tuple(converters or entry.pattern.regex.groupindex)
