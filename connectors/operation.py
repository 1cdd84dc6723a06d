"""What a flow may call: a declared operation, its parameters and whether it changes anything.

Operations belong to a family (calendar, notification), never to a provider. The declaration is
data: the pipeline reads ``access`` from it, and whoever checks flows can read the parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from connectors.errors import RejectedError
from connectors.plain_json import JSON


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


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a connector can do. ``result`` shows the shape of the answer by example."""

    name: str
    access: Access
    summary: str
    parameters: tuple[Parameter, ...] = ()
    result: JSON = None

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
