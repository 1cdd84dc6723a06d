"""From the bytes of a report to values that fit the tables, whatever the bytes are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.documents.storable import UNSTORABLE
from platform_admin.errors import ControlPlaneError
from platform_admin.observability.report_document import (
    Counter,
    DeadLetterSeen,
    HandOffSeen,
    Heartbeat,
    NoticeSeen,
    ReportFrame,
    ResultSeen,
    RuntimeFacts,
    TaskSeen,
    TurnSeen,
    UnansweredSeen,
)

MAX_REPORT_BYTES: Final = 1024 * 1024
"""Five thousand counters and a hundred turns; a runtime with more to say splits it."""

LONGEST_TRACE_BYTES: Final = 64 * 1024
"""A turn of two hundred steps; a longer trace explains nothing to anybody."""

_ESCAPE: Final = b"\\u"


class UnreadableReportError(ControlPlaneError):
    """The frame is wrong: no JSON, another format, no ``report_id``."""


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """One item that was left out: the list, its place in it from 0, and why."""

    part: str
    index: int
    reason: str

    def to_json(self) -> JSONObject:
        return {"part": self.part, "index": self.index, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Report:
    """A report whose parts are all usable. The two lists that may be ``None`` say nothing then, else all there is."""

    report_id: str
    runtime: RuntimeFacts
    heartbeat: Heartbeat | None
    gauges: dict[str, Any]
    counters: tuple[Counter, ...]
    scheduled_tasks: tuple[TaskSeen, ...] | None
    dead_letters: tuple[DeadLetterSeen, ...] | None
    unanswered: tuple[UnansweredSeen, ...]
    turns: tuple[TurnSeen, ...]
    hand_offs: tuple[HandOffSeen, ...]
    notices: tuple[NoticeSeen, ...]
    command_results: tuple[ResultSeen, ...]
    refused: tuple[RefusedItem, ...]


def read_report(body: bytes) -> Report:
    """Raises ``UnreadableReportError``; a wrong item of a list only ends up in ``refused``."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_number)
        if _ESCAPE in body:  # as itself, neither is JSON in UTF-8
            value = _storable(value)
        frame = ReportFrame.model_validate(value)
    except (ValueError, RecursionError) as error:
        raise UnreadableReportError(_why(error)) from error
    refused: list[RefusedItem] = []

    def read[P: BaseModel](part: str, model: type[P], items: Sequence[Any]) -> tuple[P, ...]:
        return _items(part, model, items, refused)

    tasks, letters = frame.scheduled_tasks, frame.dead_letters
    return Report(
        report_id=frame.report_id,
        runtime=frame.runtime,
        heartbeat=frame.heartbeat,
        gauges=frame.gauges,
        counters=read("counters", Counter, frame.counters),
        scheduled_tasks=None if tasks is None else read("scheduled_tasks", TaskSeen, tasks),
        dead_letters=None if letters is None else read("dead_letters", DeadLetterSeen, letters),
        unanswered=read("unanswered", UnansweredSeen, frame.unanswered),
        turns=read("turns", TurnSeen, frame.turns),
        hand_offs=read("hand_offs", HandOffSeen, frame.hand_offs),
        notices=read("notices", NoticeSeen, frame.notices),
        command_results=read("command_results", ResultSeen, frame.command_results),
        refused=tuple(refused),
    )


def bounded_trace(trace: dict[str, Any] | list[Any]) -> dict[str, Any] | list[Any]:
    """The trace, or a word in its place when it is too long to keep."""
    return trace if len(json.dumps(trace)) <= LONGEST_TRACE_BYTES else {"left_out": "too long"}


def _items[P: BaseModel](part: str, model: type[P], items: Sequence[Any], refused: list[RefusedItem]) -> tuple[P, ...]:
    found = []
    for index, item in enumerate(items):
        try:
            found.append(model.model_validate(item))
        except ValidationError as error:
            refused.append(RefusedItem(part, index, _why(error)))
    return tuple(found)


def _why(error: Exception) -> str:
    """Without the value itself, which may be a customer's."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return "not UTF-8" if isinstance(error, UnicodeError) else "not JSON"


def _no_number(name: str) -> None:
    raise ValueError(name)


def _storable(value: JSON) -> JSON:
    match value:
        case str():
            return UNSTORABLE.sub("�", value)
        case dict():
            return {UNSTORABLE.sub("�", key): _storable(item) for key, item in value.items()}
        case list():
            return [_storable(item) for item in value]
        case _:
            return value
