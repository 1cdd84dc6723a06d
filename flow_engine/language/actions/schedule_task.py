"""``schedule_task``: do something later."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, Name, Seconds, Text


class ScheduleTask(ActionConstruct):
    """Runs ``task`` for this contact later: once at ``run_at``, or again and again.

    Exactly one of ``run_at`` (ISO 8601 date-time), ``cron`` (five fields, in the tenant's time zone)
    and ``interval_seconds`` is given. The same ``idempotency_key`` again replaces the earlier one.

    ```yaml
    - action: schedule_task
      task: reminder
      idempotency_key: "reminder:{{ data.event_id }}"
      run_at: "{{ data.reminder_time }}"
    ```
    """

    action: Literal["schedule_task"]
    task: Name
    idempotency_key: Text
    run_at: Text | None = None
    cron: Text | None = None
    interval_seconds: Seconds | None = None
