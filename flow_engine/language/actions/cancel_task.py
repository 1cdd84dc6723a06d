"""``cancel_task``: forget something scheduled."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, Text


class CancelTask(ActionConstruct):
    """Cancels what was scheduled under ``idempotency_key``. Nothing scheduled there is no fault.

    ```yaml
    - action: cancel_task
      idempotency_key: "reminder:{{ data.event_id }}"
    ```
    """

    action: Literal["cancel_task"]
    idempotency_key: Text
