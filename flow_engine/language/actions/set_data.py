"""``set_data``: keep values for later."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from flow_engine.language.construct import ActionConstruct, DataName


class SetData(ActionConstruct):
    """Writes ``values`` into ``data``; texts in them are templates. All are worked out before the first is written.

    ```yaml
    - action: set_data
      values:
        attempts: "{{ data.attempts + 1 }}"
    ```
    """

    action: Literal["set_data"]
    values: Annotated[dict[DataName, JsonValue], Field(min_length=1)]
