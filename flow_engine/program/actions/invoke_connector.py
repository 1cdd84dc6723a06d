from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import ValueTemplate
from flow_engine.program.computed import read_data_name
from flow_engine.program.reading import Fields
from flow_engine.vocabulary import FailureKind


@dataclass(frozen=True, slots=True)
class InvokeConnector:
    """``invoke_connector``: call an operation and keep its result in data under ``result_key``.

    Emits one ``CallConnector``; the conversation waits, and the list goes on after this action when the answer is
    there. A call that fails for good is said to the customer (sentence ``technical_problem``) and the
    state's fallback is entered; in a task the rest of the list is left out. With ``on_error`` nothing is said: the
    target of the failure's kind is entered, if it has one.
    """

    kind: ClassVar[str] = "invoke_connector"

    connector: str
    operation: str
    params: ValueTemplate
    result_key: str | None
    on_error: Mapping[FailureKind, str]


def read(fields: Fields) -> InvokeConnector:
    fields.object("params")
    return InvokeConnector(
        connector=fields.name("connector"),
        operation=fields.name("operation"),
        params=fields.value_template("params"),
        result_key=read_data_name(fields, "result_key"),
        on_error=_read_on_error(fields),
    )


def _read_on_error(fields: Fields) -> Mapping[FailureKind, str]:
    targets = fields.optional_child("on_error")
    if targets is None:
        return {}
    default = targets.optional_target("default")
    found = {kind: targets.optional_target(kind.value) or default for kind in FailureKind}
    return {kind: target for kind, target in found.items() if target is not None}
