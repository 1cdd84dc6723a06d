"""Sorting a step's effects: what becomes rows of its transaction, and what is performed after it.

Calls are not among the rows: the snapshot itself says which one it waits for.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from flow_engine.effects import (
    AskLLM,
    CallConnector,
    CancelTask,
    CancelTimer,
    Effect,
    HandOff,
    RecordOutcome,
    ScheduleTask,
    SendMessage,
    StartTimer,
)
from flow_engine.events import TimerFired
from flow_engine.vocabulary import JSON
from runtime.ports.conversation_store import TIMER_TASK, Outcome, PlannedTask
from runtime.ports.inbox_store import DueTask
from runtime.scheduler.recurrence import next_of_cron

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Decided:
    """Rows to store with the snapshot."""

    messages: tuple[SendMessage, ...]
    tasks: tuple[PlannedTask, ...]
    cancelled_keys: tuple[str, ...]
    outcomes: tuple[Outcome, ...]


def decided(effects: Iterable[Effect], *, at: datetime, timezone: str) -> Decided:
    """The rows of one step. A later word about a task's key replaces an earlier one of the same step."""
    messages: list[SendMessage] = []
    tasks: dict[str, PlannedTask] = {}
    cancelled: dict[str, None] = {}
    outcomes: list[Outcome] = []
    for effect in effects:
        match effect:
            case SendMessage():
                messages.append(effect)
            case ScheduleTask():
                planned = plan(effect, at=at, timezone=timezone)
                if planned is not None:
                    tasks[planned.idempotency_key] = planned
                    cancelled.pop(planned.idempotency_key, None)
            case CancelTask():
                tasks.pop(effect.idempotency_key, None)
                cancelled[effect.idempotency_key] = None
            case CallConnector() | AskLLM():
                pass
            case StartTimer():
                timer = plan_timer(effect)
                tasks[timer.idempotency_key] = timer
                cancelled.pop(timer.idempotency_key, None)
            case CancelTimer():
                key = timer_key(effect.timer)
                tasks.pop(key, None)
                cancelled[key] = None
            case HandOff():
                outcomes.append(Outcome(effect.id, "hand_off", effect.reason, effect.resume_after_s))
            case RecordOutcome():
                outcomes.append(Outcome(effect.id, "outcome", effect.outcome, effect.value))
            case _:
                assert_never(effect)
    return Decided(tuple(messages), tuple(tasks.values()), tuple(cancelled), tuple(outcomes))


def timer_key(timer: str) -> str:
    """A contact has one row for each of its timers."""
    return f"{TIMER_TASK}:{timer}"


def plan_timer(effect: StartTimer) -> PlannedTask:
    """A timer is scheduled work like any other; the engine tells by the token whether it still means anything."""
    data: dict[str, JSON] = {"timer": effect.timer, "token": effect.id}
    return PlannedTask(TIMER_TASK, timer_key(effect.timer), effect.run_at, data=data)


def timer_fired(task: DueTask, at: datetime) -> TimerFired | None:
    """The event of a due timer; ``None`` for a task of the flow."""
    timer, token = task.data.get("timer"), task.data.get("token")
    if task.task != TIMER_TASK or not isinstance(timer, str) or not isinstance(token, str):
        return None
    return TimerFired(at, timer, token)


def plan(effect: ScheduleTask, *, at: datetime, timezone: str) -> PlannedTask | None:
    """When the task is due first; ``None``, with a warning, for a plan that never comes due."""
    due_at = _first_due(effect, at=at, timezone=timezone)
    if due_at is None:
        log.warning("task %s is not scheduled: it would never be due (cron %r)", effect.task, effect.cron)
        return None
    return PlannedTask(
        task=effect.task,
        idempotency_key=effect.idempotency_key,
        due_at=due_at,
        cron=effect.cron,
        interval_seconds=effect.interval_seconds,
        timezone=timezone,
        data=effect.data,
        grace_s=effect.grace_seconds,
    )


def _first_due(effect: ScheduleTask, *, at: datetime, timezone: str) -> datetime | None:
    if effect.run_at is not None:
        return effect.run_at
    if effect.interval_seconds is not None:
        return at + timedelta(seconds=effect.interval_seconds)
    if effect.cron is None:
        return None
    try:
        return next_of_cron(effect.cron, timezone, at)
    except ValueError:
        return None
