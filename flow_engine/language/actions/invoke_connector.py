"""``invoke_connector``: ask another system."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from flow_engine.language.construct import ActionConstruct, DataName, Name


class InvokeConnector(ActionConstruct):
    """Calls ``operation`` of the connector bound to the category ``connector``, and waits for it.

    Texts anywhere in ``params`` are templates. The result is kept in ``data`` under ``result_key``.

    ```yaml
    - action: invoke_connector
      connector: calendar
      operation: get_available_days
      params:
        from_date: "{{ data.today }}"
        lookahead_days: 14
      result_key: available_days
    ```
    """

    action: Literal["invoke_connector"]
    connector: Name
    operation: Name
    params: dict[str, JsonValue] = Field(default_factory=dict)
    result_key: DataName | None = None
