"""What becomes of the tasks scheduled for an appointment when the business moves or cancels it. Pure.

A flow names them by the appointment: ``reminder:{{ data.booking.event_id }}``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flow_engine.vocabulary import JSON
from runtime.ports.appointment_news import AppointmentNews
from runtime.ports.conversation_store import PlannedTask


def is_for(idempotency_key: str, event_id: str) -> bool:
    """Whether the task of this key belongs to the appointment."""
    return event_id in idempotency_key.split(":")


def followed(task: PlannedTask, news: AppointmentNews, now: datetime) -> PlannedTask | None:
    """The task as it is to be; ``None`` when it is to be cancelled: nothing to remind of, or too late for it."""
    if news.shift is None or task.due_at + news.shift <= now:
        return None
    data = {key: _retold(value, news) for key, value in task.data.items()}
    return replace(task, due_at=task.due_at + news.shift, data=data)


def _retold(value: JSON, news: AppointmentNews) -> JSON:
    """Wherever the appointment stands in the data of the moment it was scheduled, it stands there as it is now."""
    match value:
        case dict() if value.get("event_id") == news.event_id:
            return {**value, **news.booking}
        case dict():
            return {key: _retold(item, news) for key, item in value.items()}
        case list():
            return [_retold(item, news) for item in value]
        case _:
            return value
