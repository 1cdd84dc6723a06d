"""What a claimed row of the inbox is for the engine."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from flow_engine.events import Event, MessageReceived, OperatorResumed, StaffTookOver, TaskDue, WishTold
from flow_engine.messages import InternalMessage
from runtime.effects.decided import timer_fired
from runtime.ports.conversation_store import TIMER_TASK
from runtime.ports.inbox_store import OPERATOR_PAUSED, OPERATOR_RESUMED, STAFF_WROTE, DueTask
from runtime.wish import WISH, Wish


def event_of(row: InternalMessage | DueTask, at: datetime) -> Event:
    """The engine's event. ``at`` (aware, UTC) is when it is worked on."""
    match row:
        case InternalMessage():
            wish = row.content.get(WISH)
            return MessageReceived(at, row) if wish is None else WishTold(at, wish == Wish.IN)
        case DueTask(task=task) if task == OPERATOR_RESUMED:
            return OperatorResumed(at)
        case DueTask(task=task) if task == OPERATOR_PAUSED:
            return StaffTookOver(at)
        case DueTask(task=task, data=data) if task == STAFF_WROTE:
            seconds = data.get("resume_after_s")
            return StaffTookOver(at, seconds if isinstance(seconds, int) else None)
        case DueTask():
            return timer_fired(row, at) or TaskDue(at, row.task, row.idempotency_key, row.data)
        case _:
            assert_never(row)


def event_name(row: InternalMessage | DueTask) -> str:
    """The event in a word: ``message``, ``task:<name>``, ``timer:<name>``, ``paused``, ``resumed``, ``staff_wrote``."""
    match row:
        case InternalMessage():
            return "message"
        case DueTask(task=task) if task == OPERATOR_RESUMED:
            return "resumed"
        case DueTask(task=task) if task == OPERATOR_PAUSED:
            return "paused"
        case DueTask(task=task) if task == STAFF_WROTE:
            return "staff_wrote"
        case DueTask(task=task) if task == TIMER_TASK:
            return f"timer:{row.data.get('timer')}"
        case DueTask():
            return f"task:{row.task}"
        case _:
            assert_never(row)
