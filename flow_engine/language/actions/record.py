"""``record``: note that something worth counting was reached."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from flow_engine.language.construct import ActionConstruct, Name


class Record(ActionConstruct):
    """Records the outcome of this name, and a ``value`` with it if there is one. The customer sees nothing of it.

    ```yaml
    - action: record
      outcome: table_booked
      value: "{{ data.party_size }}"
    ```
    """

    action: Literal["record"]
    outcome: Name
    value: JsonValue = None
