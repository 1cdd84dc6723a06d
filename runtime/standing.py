"""Schedules that a bundle declares: they run for the business, without a customer.

They go through the same rows, inbox and engine as everything else, under a contact of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flow_engine.effects import ScheduleTask
from flow_engine.program import StandingSchedule
from runtime.effects.decided import plan
from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox_store import ContactKey

STANDING = ContactKey("standing", "standing")
"""No channel has this id, so nothing said to it can leave."""


def plans(schedules: Iterable[StandingSchedule], *, at: datetime, timezone: str) -> list[PlannedTask]:
    """The rows for a program's standing schedules, first due after ``at``."""
    effects = [
        ScheduleTask(
            id=schedule.id,
            task=schedule.task,
            idempotency_key=schedule.id,
            cron=schedule.cron,
            interval_seconds=schedule.interval_seconds,
        )
        for schedule in schedules
    ]
    planned = [plan(effect, at=at, timezone=timezone) for effect in effects]
    return [task for task in planned if task is not None]
