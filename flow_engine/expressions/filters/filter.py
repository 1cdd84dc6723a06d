"""What a filter is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flow_engine.expressions.locale import Locale
from flow_engine.vocabulary import JSON

type FilterFunction = Callable[[JSON, tuple[JSON, ...]], JSON]
"""Value and arguments in, value out. Total: never raises, bounded by ``limits``."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. ``build`` binds it to the tenant's locale when the expression is compiled.

    ``parameters`` names the arguments in order, of which the first ``required`` must be given.
    ``styles`` lists what the first argument may be when it is written out; empty means anything.
    ``example`` is for the reference.
    """

    parameters: tuple[str, ...]
    required: int
    build: Callable[[Locale], FilterFunction]
    example: str
    styles: tuple[str, ...] = ()
