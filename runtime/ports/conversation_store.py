"""``ConversationStore``: a conversation's snapshot, and the one transaction that ends a step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from flow_engine.conversation_state import ConversationState
from flow_engine.effects import SendMessage
from flow_engine.trace import TraceEntry
from flow_engine.vocabulary import JSON, JSONObject
from runtime.ports.inbox_store import Claim, ContactKey
from runtime.ports.notice_store import StaffNotice


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task to run later for this contact. The same key again replaces the earlier plan.

    ``due_at`` is the first due time (aware, UTC). At most one of ``cron`` and ``interval_seconds`` is
    set; neither means once. ``timezone`` is the zone that ``cron`` is read in.
    ``grace_s`` is how late it may still run; ``None`` leaves it to the executor.
    """

    task: str
    idempotency_key: str
    due_at: datetime
    cron: str | None = None
    interval_seconds: int | None = None
    timezone: str = "UTC"
    data: Mapping[str, JSON] = field(default_factory=dict)
    grace_s: int | None = None


TIMER_TASK: Final = "@timer"
"""The ``task`` of a plan that is a conversation's timer; its key is ``@timer:<name>``, its data ``{"timer", "token"}``.

It fires however late it is: a conversation that is paused must not stay so because the runtime was down.
"""

SYNC_TASK: Final = "@calendar_sync"
"""``task`` and key of the row that asks the calendar what the business did there. The next time catches up on the last,
so it fires however late it is."""

BURST_TASK: Final = "@burst"
"""``task`` and key of the row that holds a contact's short texts back. When it is due the contact is woken, and nothing
enters the inbox: the texts are there already."""


HOWEVER_LATE: Final = frozenset({TIMER_TASK, BURST_TASK, SYNC_TASK})
"""Tasks that are never missed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something a conversation reached that is worth counting. ``id`` is that of the effect.

    ``kind`` is ``outcome`` (``name`` as the flow calls it) or ``hand_off`` (``name`` is the reason, ``value`` the
    seconds after which the bot speaks again, or null).
    """

    id: str
    kind: Literal["outcome", "hand_off"]
    name: str
    value: JSON = None


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What a step leaves for reports: why it went as it did, and how long after its event came in.

    ``event`` is ``message``, ``task:<name>``, ``timer:<name>``, ``paused`` or ``resumed``. ``answer`` is what a call
    came back with, where the step was about that.
    """

    event: str
    state_before: str | None
    trace: tuple[TraceEntry, ...]
    duration_us: int
    answer: JSONObject | None = None


@dataclass(frozen=True, slots=True)
class StepCommit:
    """Everything one engine step decided, stored together or not at all.

    ``done`` ends the claimed event; a step that waits for a call leaves it open. ``bundle_serial`` is
    the release the step ran on. ``record`` is for reports; a store in memory makes none.
    """

    claim: Claim
    contact: ContactKey
    snapshot: ConversationState
    at: datetime
    done: bool
    messages: tuple[SendMessage, ...] = ()
    tasks: tuple[PlannedTask, ...] = ()
    cancelled_keys: tuple[str, ...] = ()
    bundle_serial: int = 0
    outcomes: tuple[Outcome, ...] = ()
    notices: tuple[StaffNotice, ...] = ()
    record: StepRecord | None = None


class ConversationStore(ABC):
    """Snapshots by contact."""

    @abstractmethod
    async def load(self, contact: ContactKey) -> ConversationState | None:
        """The last committed snapshot; ``None`` for a contact never seen."""

    @abstractmethod
    async def earlier_texts(self, contact: ContactKey, *, before: int, since: datetime, limit: int) -> Sequence[str]:
        """What the contact wrote in events before ``before`` and not before ``since``: the last texts, oldest first."""

    @abstractmethod
    async def commit_step(self, step: StepCommit) -> None:
        """Snapshot, outgoing messages, scheduled tasks, outcomes, notices and the event's progress in one transaction.

        Progress resets the event's attempts: the limit is on attempts that get nowhere.

        Raises:
            ClaimLostError: the event is not claimed by ``step.claim``; nothing was stored.
        """

    @abstractmethod
    async def outcomes(self, contact: ContactKey) -> Sequence[Outcome]:
        """What the contact's conversation reached, in order."""
