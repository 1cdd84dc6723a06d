from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import ValueTemplate
from flow_engine.program.computed import read_data_name
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class InvokeConnector:
    """``invoke_connector``: call an operation and keep its result in data under ``result_key``.

    Emits one ``CallConnector``; the conversation waits, and the list goes on after this action when the answer is
    there. A call that fails for good is said to the customer (sentence ``technical_problem``) and the
    state's fallback is entered; in a task the rest of the list is left out.
    """

    kind: ClassVar[str] = "invoke_connector"

    connector: str
    operation: str
    params: ValueTemplate
    result_key: str | None


def read(fields: Fields) -> InvokeConnector:
    fields.object("params")
    return InvokeConnector(
        connector=fields.name("connector"),
        operation=fields.name("operation"),
        params=fields.value_template("params"),
        result_key=read_data_name(fields, "result_key"),
    )
