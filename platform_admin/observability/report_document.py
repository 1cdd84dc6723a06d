"""The shape of a runtime's report, format 1. Unknown keys are ignored: a newer runtime may say more.

The frame must be right or the report is refused whole. Each item of a list stands for itself: one that is wrong is
left out and named in the answer, because a runtime that sends the same report for ever helps nobody.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

FORMAT = 1

MAX_COUNT = 10**9
"""An increment since the last report; more than this in one is a fault of the counter."""


def _at_most(characters: int) -> AfterValidator:
    """Too long is no reason to lose the rest."""
    return AfterValidator(lambda text: text[:characters])


def _or_empty(value: object) -> object:
    return "" if value is None else value


type Id = Annotated[str, Field(min_length=1, max_length=200)]
type Word = Annotated[str, BeforeValidator(_or_empty), _at_most(40)]
type Name = Annotated[str, BeforeValidator(_or_empty), _at_most(120)]
type Line = Annotated[str, BeforeValidator(_or_empty), _at_most(500)]
type Text = Annotated[str, BeforeValidator(_or_empty), _at_most(4_096)]
type LabelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
type LabelValue = Annotated[str, _at_most(80)]
type Serial = Annotated[int, Field(ge=0, le=2**31 - 1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RuntimeFacts(_Part):
    """Which program reports."""

    version: Word = ""
    build: Word = ""
    started_at: AwareDatetime | None = None
    formats: dict[str, list[int]] = Field(default_factory=dict)


class RefusalSeen(_Part):
    """The last bundle that was there and was not taken. ``serial`` is the refused one, where it could be read."""

    code: Word
    reason: Line = ""
    serial: Serial | None = None


class Heartbeat(_Part):
    at: AwareDatetime
    serial: Serial | None = None
    staged_serial: Serial | None = None
    ready: bool = False
    degraded: Annotated[list[Line], _at_most(50)] = Field(default_factory=list)
    refusal: RefusalSeen | None = None
    last_inbound_at: AwareDatetime | None = None
    suspended: bool = False


class Counter(_Part):
    """An increment. ``hour`` is any instant in the hour it belongs to."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    labels: Annotated[dict[LabelName, LabelValue], Field(max_length=4)] = Field(default_factory=dict)
    hour: AwareDatetime
    count: Annotated[int, Field(ge=0, le=MAX_COUNT)]


class TaskSeen(_Part):
    id: Id
    task: Name
    contact: Name = ""
    channel: Name = ""
    due_at: AwareDatetime
    state: Annotated[str, _at_most(20)] = "scheduled"


class DeadLetterSeen(_Part):
    id: Id
    kind: Annotated[str, _at_most(20)]
    error: Line = ""
    at: AwareDatetime
    contact: Name = ""
    channel: Name = ""


class UnansweredSeen(_Part):
    id: Id
    question: Annotated[str, _at_most(1_000)]
    language: Annotated[str, BeforeValidator(_or_empty), _at_most(12)] = ""
    reason: Annotated[str, BeforeValidator(_or_empty), _at_most(60)] = ""
    at: AwareDatetime


class TurnSeen(_Part):
    id: Id
    conversation: Id
    contact: Id
    channel: Name
    at: AwareDatetime
    serial: Serial | None = None
    heard: Text = ""
    said: Annotated[list[Any], _at_most(50)] = Field(default_factory=list)
    state_before: Name = ""
    state_after: Name = ""
    trace: dict[str, Any] | list[Any] = Field(default_factory=dict)
    error: dict[str, Any] | None = None


class HandOffSeen(_Part):
    id: Id
    conversation: Id
    contact: Id
    channel: Name
    at: AwareDatetime
    reason: Annotated[str, BeforeValidator(_or_empty), _at_most(200)] = ""
    open: bool = True
    messages: Annotated[list[Any], _at_most(50)] = Field(default_factory=list)


class NoticeSeen(_Part):
    id: Id
    kind: Annotated[str, _at_most(60)]
    at: AwareDatetime
    detail: Line = ""


class ResultSeen(_Part):
    id: uuid.UUID
    status: Literal["done", "failed", "refused"]
    detail: Line = ""
    result: dict[str, Any] | None = None


class ReportFrame(_Part):
    """The whole body, its lists still unread."""

    format: Literal[1]
    report_id: Id
    runtime: RuntimeFacts = RuntimeFacts()
    heartbeat: Heartbeat | None = None
    gauges: dict[str, Any] = Field(default_factory=dict)
    counters: list[Any] = Field(default_factory=list)
    scheduled_tasks: list[Any] | None = None
    dead_letters: list[Any] | None = None
    unanswered: list[Any] = Field(default_factory=list)
    turns: list[Any] = Field(default_factory=list)
    hand_offs: list[Any] = Field(default_factory=list)
    notices: list[Any] = Field(default_factory=list)
    command_results: list[Any] = Field(default_factory=list)
