"""``schedule_task``: do something later."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, Clock, Construct, Duration, Name, Seconds, Text


class QuietHours(Construct):
    """When nobody is written to, every day from ``start`` to ``end`` by the tenant's clock; it may span midnight."""

    start: Clock
    end: Clock


class ScheduleTask(ActionConstruct):
    """Runs ``task`` for this contact later: once at ``run_at``, or again and again.

    Exactly one of ``run_at`` (ISO 8601 date-time), ``cron`` (five fields, in the tenant's time zone)
    and ``interval_seconds`` is given. The same ``idempotency_key`` again replaces the earlier one.

    ``before`` or ``after`` move ``run_at``: two hours before the appointment. A time inside ``quiet_hours`` moves to
    their end, and with ``before`` to their beginning, so that a reminder still comes before what it reminds of.
    A task that cannot run in time, because the bot was down, runs up to ``grace`` later (five minutes where nothing
    is said) and is recorded as missed after that.

    ```yaml
    - action: schedule_task
      task: reminder
      idempotency_key: "reminder:{{ data.event_id }}"
      run_at: "{{ data.appointment.start }}"
      before: 2h
      quiet_hours: {start: "21:00", end: "09:00"}
      grace: 30m
    ```
    """

    action: Literal["schedule_task"]
    task: Name
    idempotency_key: Text
    run_at: Text | None = None
    cron: Text | None = None
    interval_seconds: Seconds | None = None
    before: Duration | None = None
    after: Duration | None = None
    quiet_hours: QuietHours | None = None
    grace: Duration | None = None
