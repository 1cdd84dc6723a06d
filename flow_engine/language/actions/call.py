"""``call``: have a sub-flow do a part of the work."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from flow_engine.language.construct import ActionConstruct, DataName, FlowName


class Call(ActionConstruct):
    """Enters the sub-flow ``flow``; when it ends, the actions after this one go on. Not in tasks.

    The sub-flow sees in ``data`` what ``inputs`` gives it and nothing else. When it ends, each name in ``outputs``
    takes the value that the sub-flow has under the name on the right.

    ```yaml
    - action: call
      flow: ask_address
      inputs:
        greeting: "{{ contact.name }}"
      outputs:
        delivery_street: street
    ```
    """

    action: Literal["call"]
    flow: FlowName
    inputs: dict[DataName, JsonValue] = Field(default_factory=dict)
    outputs: dict[DataName, DataName] = Field(default_factory=dict)
