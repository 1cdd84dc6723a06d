"""What a claimed row of the inbox is for the engine."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from flow_engine.events import Event, MessageReceived, OperatorResumed, StaffTookOver, TaskDue
from flow_engine.messages import InternalMessage
from runtime.effects.decided import timer_fired
from runtime.ports.conversation_store import TIMER_TASK
from runtime.ports.inbox_store import OPERATOR_PAUSED, OPERATOR_RESUMED, DueTask


def event_of(row: InternalMessage | DueTask, at: datetime) -> Event:
    """The engine's event. ``at`` (aware, UTC) is when it is worked on."""
    match row:
        case InternalMessage():
            return MessageReceived(at, row)
        case DueTask(task=task) if task == OPERATOR_RESUMED:
            return OperatorResumed(at)
        case DueTask(task=task) if task == OPERATOR_PAUSED:
            return StaffTookOver(at)
        case DueTask():
            return timer_fired(row, at) or TaskDue(at, row.task, row.idempotency_key, row.data)
        case _:
            assert_never(row)


def event_name(row: InternalMessage | DueTask) -> str:
    """The event in a word for reports: ``message``, ``task:<name>``, ``timer:<name>``, ``paused`` or ``resumed``."""
    match row:
        case InternalMessage():
            return "message"
        case DueTask(task=task) if task == OPERATOR_RESUMED:
            return "resumed"
        case DueTask(task=task) if task == OPERATOR_PAUSED:
            return "paused"
        case DueTask(task=task) if task == TIMER_TASK:
            return f"timer:{row.data.get('timer')}"
        case DueTask():
            return f"task:{row.task}"
        case _:
            assert_never(row)
