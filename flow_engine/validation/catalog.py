"""What connectors can do, as data: categories, their operations, parameters and the shape of results.

``catalog.json`` stands for the families that the project ships; a business with a connector of its own gives
``check`` a file of the same form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from flow_engine.errors import SurroundingsError
from flow_engine.vocabulary import JSON

COMMITTED: Final = Path(__file__).parent / "catalog.json"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a connector does. ``result`` shows the shape of the answer by example, null that there is none."""

    writes: bool
    required: frozenset[str]
    optional: frozenset[str]
    result: JSON

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(sorted(self.required | self.optional))


type Catalog = Mapping[str, Mapping[str, Operation]]
"""Operations by category and name."""


def read_catalog(text: str) -> Catalog:
    """The catalogue written in ``text``. Raises SurroundingsError, naming the first place that is wrong."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SurroundingsError(f"this is no JSON: {error}") from error
    categories = _mapping(content, "the catalogue")
    return {category: read_operations(operations, category) for category, operations in categories.items()}


def read_operations(operations: JSON, category: str) -> Mapping[str, Operation]:
    """Those of one category. Raises SurroundingsError, naming the first place that is wrong."""
    return {
        name: _operation(_mapping(value, f"{category}.{name}"), f"{category}.{name}")
        for name, value in _mapping(operations, category).items()
    }


@lru_cache(maxsize=1)
def committed_catalog() -> Catalog:
    """The families that ship, read once."""
    return read_catalog(COMMITTED.read_text(encoding="utf-8"))


def operation_of(connector: str | None, name: str | None, catalog: Catalog) -> Operation | None:
    """The operation of this name, where the catalogue has it."""
    return catalog.get(connector or "", {}).get(name or "")


def _operation(members: Mapping[str, JSON], place: str) -> Operation:
    access = members.get("access")
    if access not in ("reads", "writes"):
        raise SurroundingsError(f'{place}: "access" must be "reads" or "writes"')
    parameters = {
        name: _mapping(value, f"{place}.{name}").get("required", True) is True
        for name, value in _mapping(members.get("parameters", {}), f"{place}.parameters").items()
    }
    required = frozenset(name for name, needed in parameters.items() if needed)
    return Operation(access == "writes", required, frozenset(parameters) - required, members.get("result"))


def _mapping(value: JSON, place: str) -> Mapping[str, JSON]:
    if not isinstance(value, dict):
        raise SurroundingsError(f"{place} must be an object")
    return value
