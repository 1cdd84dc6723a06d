"""What goes out: the closed union of facts the engine has decided.

An effect is past any condition; performing it needs no knowledge of the flow. ``id`` is
``<conversation id>:<turn>:<index>`` and serves as the idempotency key: a turn that is run again
after a crash yields the same ids, so no driver performs it twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flow_engine.outputs.output import Output
from flow_engine.quick_init import quick_init
from flow_engine.vocabulary import JSON


@quick_init
@dataclass(frozen=True)
class SendMessage:
    """Say this to the customer. ``output`` already fits the channel of the conversation."""

    id: str
    output: Output


@quick_init
@dataclass(frozen=True)
class CallConnector:
    """Call ``operation`` of the connector bound to category ``connector``; the conversation waits.

    Answered by ``ConnectorReplied`` or ``ConnectorFailed`` with ``call_id == id``.
    """

    id: str
    connector: str
    operation: str
    params: Mapping[str, JSON] = field(default_factory=dict)


@quick_init
@dataclass(frozen=True)
class AskLLM:
    """Answer a free question from the knowledge document; the conversation waits.

    Answered by ``LLMAnswered`` with ``call_id == id``. ``language`` is a BCP 47 tag.
    """

    id: str
    question: str
    language: str


@quick_init
@dataclass(frozen=True)
class ScheduleTask:
    """Run ``task`` later for this contact. The same ``idempotency_key`` again replaces the earlier one.

    Exactly one of ``run_at`` (aware, UTC), ``cron`` (five fields, in the tenant's zone) and
    ``interval_seconds`` is set. ``data`` is handed back in ``TaskDue``. ``grace_seconds`` is how late it may still run
    (``None``: as late as the runtime allows).
    """

    id: str
    task: str
    idempotency_key: str
    run_at: datetime | None = None
    cron: str | None = None
    interval_seconds: int | None = None
    grace_seconds: int | None = None
    data: Mapping[str, JSON] = field(default_factory=dict)


@quick_init
@dataclass(frozen=True)
class CancelTask:
    """Forget the task scheduled under this key. Unknown keys are no error."""

    id: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class HandOff:
    """A person takes over: tell them. The bot keeps silent until ``OperatorResumed`` or its resume timer.

    ``resume_after_s`` is how long the bot stays silent when nobody resumes it; ``None`` is for ever. The timer itself
    is an effect of its own.
    """

    id: str
    reason: str
    resume_after_s: int | None = None


@quick_init
@dataclass(frozen=True)
class RecordOutcome:
    """The conversation reached something worth counting: ``booked``, ``asked_for_price``."""

    id: str
    outcome: str
    value: JSON = None


@quick_init
@dataclass(frozen=True)
class StartTimer:
    """Wake the conversation at ``run_at`` (aware, UTC) with ``TimerFired``; ``id`` is the timer's token.

    ``timer`` names one of few: ``timeout``, ``session``, ``resume``. A contact has at most one of each; starting it
    again replaces the earlier one.
    """

    id: str
    timer: str
    run_at: datetime


@quick_init
@dataclass(frozen=True)
class CancelTimer:
    """Forget the timer of this name. A timer that is not running is no error."""

    id: str
    timer: str


type Effect = (
    SendMessage
    | CallConnector
    | AskLLM
    | ScheduleTask
    | CancelTask
    | HandOff
    | RecordOutcome
    | StartTimer
    | CancelTimer
)
