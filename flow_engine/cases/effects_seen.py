"""What the bot does besides talking, in the words of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final, assert_never

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
from flow_engine.vocabulary import JSON, JSONObject

EFFECT_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "call": ("params",),
    "ask": (),
    "schedule": ("key", "at", "cron", "every", "data"),
    "cancel_task": (),
    "hand_off": ("resume_after",),
    "record": ("value",),
    "timer": ("at",),
    "cancel_timer": (),
}
"""The first key of an effect says what is done and to what; the others say more of it."""

TIMER_KEYS: Final = frozenset({"timer", "cancel_timer"})
"""Timers come and go with every question; a case that names none does not look at them."""


def seen_effects(effects: Sequence[Effect], zone: tzinfo) -> tuple[JSONObject, ...]:
    """Every effect but the messages, in order. Times are ISO, to the second, in ``zone``."""
    seen = (_see(effect, zone) for effect in effects)
    return tuple({key: value for key, value in effect.items() if value is not None} for effect in seen if effect)


def _see(effect: Effect, zone: tzinfo) -> JSONObject:
    match effect:
        case SendMessage():
            return {}
        case CallConnector():
            return {"call": f"{effect.connector}.{effect.operation}", "params": dict(effect.params)}
        case AskLLM():
            return {"ask": effect.question}
        case ScheduleTask():
            return {
                "schedule": effect.task,
                "key": effect.idempotency_key,
                "at": _moment(effect.run_at, zone),
                "cron": effect.cron,
                "every": effect.interval_seconds,
                "data": dict(effect.data),
            }
        case CancelTask():
            return {"cancel_task": effect.idempotency_key}
        case HandOff():
            return {"hand_off": effect.reason, "resume_after": effect.resume_after_s}
        case RecordOutcome():
            return {"record": effect.outcome, "value": effect.value}
        case StartTimer():
            return {"timer": effect.timer, "at": _moment(effect.run_at, zone)}
        case CancelTimer():
            return {"cancel_timer": effect.timer}
        case _:
            assert_never(effect)


def _moment(moment: datetime | None, zone: tzinfo) -> JSON:
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")
