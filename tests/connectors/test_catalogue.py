"""The catalogue that flows are checked against says what the connectors declare."""

from __future__ import annotations

import json
from collections.abc import Mapping

from connectors.calendar.operations import OPERATIONS as CALENDAR
from connectors.llm.port import OPERATIONS as LLM
from connectors.notification.port import OPERATIONS as NOTIFICATION
from connectors.operation import Operation
from flow_engine.validation.catalog import COMMITTED

FAMILIES = {"calendar": CALENDAR, "llm": LLM, "notification": NOTIFICATION}


def described(operation: Operation) -> dict[str, object]:
    return {
        "access": operation.access.value,
        "summary": operation.summary,
        "parameters": {
            parameter.name: {
                "kind": parameter.kind.value,
                "required": parameter.required,
                "summary": parameter.summary,
            }
            for parameter in operation.parameters
        },
        "result": operation.result,
    }


def family(operations: Mapping[str, Operation]) -> dict[str, object]:
    return {name: described(operation) for name, operation in operations.items()}


def test_the_committed_catalogue_is_what_the_connectors_declare() -> None:
    expected = {category: family(operations) for category, operations in FAMILIES.items()}
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == expected
