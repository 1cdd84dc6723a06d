"""Effects as JSON and back: ``decode_effect(encode_effect(x)) == x``."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never, cast

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
from flow_engine.errors import CodecError
from flow_engine.outputs.codec import decode_output, encode_output
from flow_engine.vocabulary import JSON, JSONObject


def encode_effect(effect: Effect) -> JSONObject:
    """``{"kind": "send_message" | …, "id": …}`` with every field of the effect under its own name.

    A time is ISO 8601 with its offset.
    """
    match effect:
        case SendMessage():
            return {"kind": "send_message", "id": effect.id, "output": encode_output(effect.output)}
        case CallConnector():
            return {
                "kind": "call_connector",
                "id": effect.id,
                "connector": effect.connector,
                "operation": effect.operation,
                "params": dict(effect.params),
            }
        case AskLLM():
            return {"kind": "ask_llm", "id": effect.id, "question": effect.question, "language": effect.language}
        case ScheduleTask():
            return _encode_schedule(effect)
        case CancelTask():
            return {"kind": "cancel_task", "id": effect.id, "idempotency_key": effect.idempotency_key}
        case HandOff():
            after = effect.resume_after_s
            return {"kind": "hand_off", "id": effect.id, "reason": effect.reason, "resume_after_s": after}
        case RecordOutcome():
            return {"kind": "record_outcome", "id": effect.id, "outcome": effect.outcome, "value": effect.value}
        case StartTimer():
            run_at = effect.run_at.isoformat()
            return {"kind": "start_timer", "id": effect.id, "timer": effect.timer, "run_at": run_at}
        case CancelTimer():
            return {"kind": "cancel_timer", "id": effect.id, "timer": effect.timer}
        case _:
            assert_never(effect)


def _encode_schedule(effect: ScheduleTask) -> JSONObject:
    return {
        "kind": "schedule_task",
        "id": effect.id,
        "task": effect.task,
        "idempotency_key": effect.idempotency_key,
        "run_at": effect.run_at.isoformat() if effect.run_at else None,
        "cron": effect.cron,
        "interval_seconds": effect.interval_seconds,
        "grace_seconds": effect.grace_seconds,
        "data": dict(effect.data),
    }


def decode_effect(value: JSON) -> Effect:
    """Reads what ``encode_effect`` wrote; keys that are not known are dropped. Raises ``CodecError``."""
    try:
        return _decode(cast("JSONObject", value))
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise CodecError(f"not an effect: {fault!r}") from fault


def _decode(value: JSONObject) -> Effect:
    match value["kind"]:
        case "send_message":
            return SendMessage(_text(value["id"]), decode_output(value["output"]))
        case "call_connector":
            return CallConnector(
                _text(value["id"]),
                _text(value["connector"]),
                _text(value["operation"]),
                _object(value["params"]),
            )
        case "ask_llm":
            return AskLLM(_text(value["id"]), _text(value["question"]), _text(value["language"]))
        case "schedule_task":
            return _decode_schedule(value)
        case "cancel_task":
            return CancelTask(_text(value["id"]), _text(value["idempotency_key"]))
        case "hand_off":
            return HandOff(_text(value["id"]), _text(value["reason"]), _whole(value.get("resume_after_s")))
        case "record_outcome":
            return RecordOutcome(_text(value["id"]), _text(value["outcome"]), value.get("value"))
        case "start_timer":
            run_at = datetime.fromisoformat(_text(value["run_at"]))
            return StartTimer(_text(value["id"]), _text(value["timer"]), run_at)
        case "cancel_timer":
            return CancelTimer(_text(value["id"]), _text(value["timer"]))
        case unknown:
            raise CodecError(f"unknown kind of effect: {unknown!r}")


def _decode_schedule(value: JSONObject) -> ScheduleTask:
    run_at, cron = value.get("run_at"), value.get("cron")
    return ScheduleTask(
        id=_text(value["id"]),
        task=_text(value["task"]),
        idempotency_key=_text(value["idempotency_key"]),
        run_at=None if run_at is None else datetime.fromisoformat(_text(run_at)),
        cron=None if cron is None else _text(cron),
        interval_seconds=_whole(value.get("interval_seconds")),
        grace_seconds=_whole(value.get("grace_seconds")),
        data=_object(value.get("data", {})),
    )


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {value!r}")
    return value


def _object(value: JSON) -> JSONObject:
    if not isinstance(value, dict):
        raise TypeError(f"an object was expected, not {value!r}")
    return value


def _whole(value: JSON) -> int | None:
    return value if isinstance(value, int) else None
