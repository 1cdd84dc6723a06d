"""What comes in: the closed union of everything that can move a conversation.

Time enters the engine only here: ``at`` is an aware UTC datetime set by the driver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A customer sent something. Starts a turn."""

    at: datetime
    message: InternalMessage


@dataclass(frozen=True, slots=True)
class TaskDue:
    """A scheduled task's time has come. Starts a turn; leaves the customer's state where it is.

    ``data`` is the conversation's data as it was when the task was scheduled, so a reminder tells
    of the appointment it was made for.
    """

    at: datetime
    task: str
    idempotency_key: str
    data: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConnectorReplied:
    """The call that the conversation waits for came back with a plain JSON result."""

    at: datetime
    call_id: str
    result: JSON


@dataclass(frozen=True, slots=True)
class ConnectorFailed:
    """The call that the conversation waits for failed for good (retries are already behind it).

    ``detail`` is for the trace and the logs; it is never shown to a customer.
    """

    at: datetime
    call_id: str
    kind: FailureKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LLMAnswered:
    """The free question came back. ``text`` counts only when the outcome is ``answered``."""

    at: datetime
    call_id: str
    outcome: AnswerOutcome
    text: str = ""


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer's time has come. ``token`` is the id of the ``StartTimer`` effect that set it.

    A token that is not the present one of ``timer`` belongs to a timer that was replaced or cancelled, and is ignored.
    """

    at: datetime
    timer: str
    token: str


@dataclass(frozen=True, slots=True)
class OperatorResumed:
    """A person gives the conversation back to the bot. Says nothing; the next message is answered again."""

    at: datetime


@dataclass(frozen=True, slots=True)
class StaffTookOver:
    """A person of the business writes to the customer past the bot, which keeps silent from here on.

    After ``resume_after_s`` without another such event the bot speaks again; ``None`` waits for ``OperatorResumed``.
    """

    at: datetime
    resume_after_s: int | None = None


@dataclass(frozen=True, slots=True)
class WishTold:
    """The customer ended messages that answer nothing (``wants`` false) or wants them again; the driver has noted it.

    The bot confirms it and stays where it is: the open question stays open.
    """

    at: datetime
    wants: bool


type Event = (
    MessageReceived
    | TaskDue
    | ConnectorReplied
    | ConnectorFailed
    | LLMAnswered
    | TimerFired
    | OperatorResumed
    | StaffTookOver
    | WishTold
)
