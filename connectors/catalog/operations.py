"""What flows can call, as the document that the checker and the editor read.

One entry for each operation of each category: access, words, parameters and the shape of the result, by example and
as JSON Schema. ``flow_engine/validation/catalog.json`` is this document for the families that ship.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.calendar.operations import OPERATIONS as CALENDAR
from connectors.llm.port import OPERATIONS as LLM
from connectors.notification.port import OPERATIONS as NOTIFICATION
from connectors.operation import Operation
from connectors.plain_json import JSONObject

FAMILIES: Mapping[str, Mapping[str, Operation]] = {
    "calendar": CALENDAR,
    "llm": LLM,
    "notification": NOTIFICATION,
}
"""The categories whose operations are known without any configuration."""


def describe(operations: Mapping[str, Operation]) -> JSONObject:
    """The operations of one category as they stand in the document."""
    return {name: _described(operation) for name, operation in operations.items()}


def catalog_document() -> JSONObject:
    """The whole document for the families that ship."""
    return {category: describe(operations) for category, operations in FAMILIES.items()}


def _described(operation: Operation) -> JSONObject:
    return {
        "access": operation.access.value,
        "summary": operation.summary,
        "parameters": {
            parameter.name: {
                "kind": parameter.kind.value,
                "required": parameter.required,
                "summary": parameter.summary,
                "schema": parameter.schema(),
            }
            for parameter in operation.parameters
        },
        "result": operation.result,
        "result_schema": operation.result_schema(),
    }
