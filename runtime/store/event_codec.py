"""Inbox events as JSON text and back. Unknown keys are dropped on reading, so an older build can go on."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import assert_never, cast

import orjson

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSONObject, MessageType
from runtime.ports.inbox_store import DueTask

MESSAGE = "message"
TASK = "task"

_BY_STANDARD_LIBRARY = " "


def encode_json(value: object) -> str:
    """Compact JSON. Escapes everything beyond ASCII, so text that is no valid UTF-8 survives the store too."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def encode_event(event: InternalMessage | DueTask) -> tuple[str, str]:
    """The event's kind and its JSON."""
    match event:
        case InternalMessage():
            return MESSAGE, _encode_message(event)
        case DueTask():
            return TASK, encode_due_task(event, encode_json(dict(event.data)))
        case _:
            assert_never(event)


def _encode_message(event: InternalMessage) -> str:
    """Half of all that an acknowledged delivery writes: ``orjson`` does it in a tenth of the time.

    What it knows nothing of (half of a surrogate pair, numbers beyond 64 bits) is written by the standard library,
    behind a blank that says so.
    """
    said = _message(event)
    try:
        return orjson.dumps(said).decode()
    except orjson.JSONEncodeError:
        return _BY_STANDARD_LIBRARY + encode_json(said | {"sent_at": _in_utc(event.sent_at).isoformat()})


def _message(event: InternalMessage) -> dict[str, object]:
    said: dict[str, object] = {
        "id": event.id,
        "contact_id": event.contact_id,
        "type": event.type,
        "sent_at": _in_utc(event.sent_at),  # orjson writes it as isoformat does, in no time
        "text": event.text,
        "payload": event.payload,
        "content": event.content if event.content.__class__ is dict else dict(event.content),
        "replied_to": event.replied_to,
        "contact_name": event.contact_name,
        "contact_phone": event.contact_phone,
    }
    if event.late:
        said["late"] = True
    return said


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def encode_due_task(task: DueTask, data: str) -> str:
    """A due task with its data as JSON that was encoded before: nothing is parsed to move it."""
    head = encode_json(
        {"task": task.task, "idempotency_key": task.idempotency_key, "due_at": task.due_at.astimezone(UTC).isoformat()}
    )
    return f'{head[:-1]},"data":{data}}}'


def decode_event(kind: str, text: str) -> InternalMessage | DueTask:
    """Reads what ``encode_event`` wrote. Raises ``KeyError`` or ``ValueError`` for anything else."""
    if kind == MESSAGE:
        return _decode_message(_read_message(text))
    if kind != TASK:
        raise ValueError(f"unknown kind of event: {kind!r}")
    value = json.loads(text)
    return DueTask(
        task=value["task"],
        idempotency_key=value["idempotency_key"],
        due_at=datetime.fromisoformat(value["due_at"]),
        data=value.get("data") or {},
    )


def _read_message(text: str) -> JSONObject:
    if not text.startswith(_BY_STANDARD_LIBRARY):
        with contextlib.suppress(orjson.JSONDecodeError):  # a row of earlier may hold what orjson knows nothing of
            return cast("JSONObject", orjson.loads(text))
    return cast("JSONObject", json.loads(text))


def _decode_message(value: JSONObject) -> InternalMessage:
    content = value.get("content")
    return InternalMessage(
        id=str(value["id"]),
        contact_id=str(value["contact_id"]),
        type=MessageType(str(value["type"])),
        sent_at=datetime.fromisoformat(str(value["sent_at"])),
        text=str(value.get("text") or ""),
        payload=_text_or_none(value, "payload"),
        content=content if isinstance(content, dict) else {},
        replied_to=_text_or_none(value, "replied_to"),
        contact_name=_text_or_none(value, "contact_name"),
        contact_phone=_text_or_none(value, "contact_phone"),
        late=value.get("late") is True,
    )


def _text_or_none(value: JSONObject, key: str) -> str | None:
    found = value.get(key)
    return None if found is None else str(found)
