"""``standing_schedules``: tasks that run by the clock, not by a conversation."""

from __future__ import annotations

from flow_engine.language.construct import Construct, Name, Seconds, Text


class StandingSchedule(Construct):
    """Runs ``task`` by ``cron`` (five fields, in the tenant's time zone) or every ``interval_seconds``.

    Exactly one of the two is given. This version keeps standing schedules but does not run them.

    ```yaml
    standing_schedules:
      - id: morning_greeting
        task: greeting
        cron: "0 9 * * 1"
    ```
    """

    id: Name
    task: Name
    cron: Text | None = None
    interval_seconds: Seconds | None = None
