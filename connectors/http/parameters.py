"""The parameters of a declared request, as their kinds say they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time

from connectors.errors import RejectedError
from connectors.http.placeholders import as_text
from connectors.operation import Operation, ParameterKind
from connectors.plain_json import JSON


def typed(values: Mapping[str, JSON], operation: Operation) -> dict[str, JSON]:
    """``values`` by kind. Raises ``RejectedError`` naming the first that is of another."""
    kinds = {parameter.name: parameter.kind for parameter in operation.parameters}
    return {name: _typed(value, kinds[name], f"{operation.name}: parameter '{name}'") for name, value in values.items()}


def _typed(value: JSON, kind: ParameterKind, what: str) -> JSON:
    if kind is ParameterKind.ANY:
        return value
    text = as_text(value)
    match kind:
        case ParameterKind.TEXT:
            return text
        case ParameterKind.INTEGER:
            return _parsed(int, text, f"{what} must be a whole number")
        case ParameterKind.DATE:
            return _parsed(date.fromisoformat, text, f"{what} must be a day like 2026-11-24").isoformat()
        case ParameterKind.TIME:
            return _parsed(time.fromisoformat, text.zfill(5), f"{what} must be a time like 17:30").strftime("%H:%M")


def _parsed[T](parse: Callable[[str], T], text: str, problem: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise RejectedError(problem) from error
