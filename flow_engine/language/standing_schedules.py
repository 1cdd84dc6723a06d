"""``standing_schedules``: tasks that run by the clock, not by a conversation."""

from __future__ import annotations

from pydantic import Field, JsonValue

from flow_engine.language.construct import Construct, Expression, Name, Seconds, Text


class ForEach(Construct):
    """The audience: the list that ``operation`` of ``connector`` returns, one task run for each ``item`` of it.

    ``contact`` is an expression over ``item`` that gives the contact to write to: the id under which the channel
    knows them.
    """

    connector: Name
    operation: Name
    params: dict[str, JsonValue] = Field(default_factory=dict)
    contact: Expression


class StandingSchedule(Construct):
    """Runs ``task`` by ``cron`` (five fields, in the tenant's time zone) or every ``interval_seconds``.

    Exactly one of the two is given. ``for_each`` says for whom: the task sees each item as ``data.item``.

    ```yaml
    standing_schedules:
      - id: morning_greeting
        task: greeting
        cron: "0 9 * * 1"
        for_each:
          connector: calendar
          operation: list_appointments
          params:
            date: "{{ data.today }}"
          contact: "item.contact_id"
    ```
    """

    id: Name
    task: Name
    cron: Text | None = None
    interval_seconds: Seconds | None = None
    for_each: ForEach | None = None
