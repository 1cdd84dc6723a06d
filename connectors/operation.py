"""What a flow may call: a declared operation, its parameters and whether it changes anything.

Operations belong to a family (calendar, notification), never to a provider. The declaration is
data: the pipeline reads ``access`` from it, and whoever checks flows can read the parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from connectors.errors import RejectedError
from connectors.plain_json import JSON, JSONObject


class Access(StrEnum):
    """Whether repeating the operation can do harm."""

    READS = "reads"
    WRITES = "writes"


class ParameterKind(StrEnum):
    """How a parameter is written in a flow."""

    TEXT = "text"
    INTEGER = "integer"
    DATE = "date"
    TIME = "time"
    ANY = "any"
    """whatever the flow holds, handed on as it is"""


_SCHEMAS: Mapping[ParameterKind, JSONObject] = {
    ParameterKind.TEXT: {"type": "string"},
    ParameterKind.INTEGER: {"type": "integer"},
    ParameterKind.DATE: {"type": "string", "format": "date"},
    ParameterKind.TIME: {"type": "string", "pattern": "^\\d{1,2}:\\d{2}$"},
    ParameterKind.ANY: {},
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    An optional one counts as absent when it is ``None`` or empty: a template over missing data
    renders that.
    """

    name: str
    kind: ParameterKind
    summary: str
    required: bool = True

    def schema(self) -> JSONObject:
        """Its JSON Schema. A template renders texts, so a number may come as one."""
        return dict(_SCHEMAS[self.kind])


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a connector can do. ``result`` shows the shape of the answer by example.

    ``optional_results`` are the members of that example, at any depth, that an answer may leave out.
    ``repeatable`` is false for a write whose other side cannot tell that it was asked before, idempotency key or not.
    """

    name: str
    access: Access
    summary: str
    parameters: tuple[Parameter, ...] = ()
    result: JSON = None
    optional_results: frozenset[str] = frozenset()
    repeatable: bool = True

    def result_schema(self) -> JSONObject:
        """The JSON Schema of the answer, as the example shows it."""
        return _shape(self.result, self.optional_results)

    def check(self, params: Mapping[str, JSON]) -> dict[str, JSON]:
        """The parameters that are present, under their declared names.

        Raises ``RejectedError`` naming every unknown and every missing parameter.
        """
        declared = {parameter.name: parameter for parameter in self.parameters}
        given: Mapping[str, JSON] = {name: value for name, value in params.items() if value not in (None, "")}
        present = dict(given)
        unknown = sorted(name for name in params if name not in declared)
        missing = [name for name, parameter in declared.items() if parameter.required and name not in present]
        if unknown or missing:
            faults = [f"unknown parameter '{name}'" for name in unknown]
            faults += [f"parameter '{name}' is missing or empty" for name in missing]
            known = ", ".join(declared) or "none"
            raise RejectedError(f"{self.name}: {'; '.join(faults)} (parameters: {known})")
        return present


def declare(*operations: Operation) -> Mapping[str, Operation]:
    """The operations of a family by name."""
    return {operation.name: operation for operation in operations}


def _shape(example: JSON, optional: frozenset[str]) -> JSONObject:
    match example:
        case bool():
            return {"type": "boolean"}
        case int():
            return {"type": "integer"}
        case float():
            return {"type": "number"}
        case str():
            return {"type": "string"}
        case list():
            return {"type": "array", **({"items": _shape(example[0], optional)} if example else {})}
        case dict():
            return {
                "type": "object",
                "properties": {name: _shape(value, optional) for name, value in example.items()},
                "required": [name for name in example if name not in optional],
            }
        case None:
            return {}
