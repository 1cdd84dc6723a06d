"""``InboxStore``: the durable queue of events, one line per contact."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from flow_engine.conversation_state import ConversationState
from flow_engine.messages import InternalMessage
from flow_engine.quick_init import quick_init
from flow_engine.vocabulary import JSON
from runtime.burst import BurstWindow
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_traffic import Judge


@quick_init
@dataclass(frozen=True, slots=True)
class ContactKey:
    """Whose line it is: one customer on one account of one channel."""

    channel_id: str
    contact_id: str


@dataclass(frozen=True, slots=True)
class DueTask:
    """A scheduled task that became an event. ``due_at`` is when it should have run (aware, UTC)."""

    task: str
    idempotency_key: str
    due_at: datetime
    data: Mapping[str, JSON] = field(default_factory=dict)


OPERATOR_PAUSED: Final = "@operator_paused"
"""The ``task`` of an event that gives a conversation to a person; its key names the operator's command."""

OPERATOR_RESUMED: Final = "@operator_resumed"
"""The ``task`` of an event that gives a conversation back to the bot; its key names the operator's command."""


STAFF_WROTE: Final = "@staff_wrote"
"""The ``task`` of an event that silences the bot for a contact to whom somebody of the business wrote past it.

Its key names that message; its data hold ``resume_after_s``, the seconds of silence after which the bot speaks again.
"""


@quick_init
@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on one event: the row and the run of the process that claimed it.

    ``joined`` are the rows whose texts are worked on as one with it; they share its fate.
    """

    seq: int
    run_id: str
    joined: tuple[int, ...] = ()


@quick_init
@dataclass(frozen=True, slots=True)
class ClaimedEvent:
    """An event with its attempt already counted on disk.

    ``snapshot`` is the contact's conversation, read in the same transaction; ``None`` for a contact never seen.
    ``serial`` is the release its last step ran on. One event of a contact is worked on at a time, so both stay true
    until this one's next step. ``started`` says that at least one step of it was committed before (by a run that
    died): the conversation must be resumed, not fed the event again. ``attempts`` includes this one. ``more`` is false
    where nothing else of the contact is open: what comes later wakes its line.
    """

    claim: Claim
    contact: ContactKey
    profile: str
    event: InternalMessage | DueTask
    received_at: datetime
    attempts: int
    started: bool
    snapshot: ConversationState | None = None
    serial: int | None = None
    more: bool = True


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """A message that is parked unanswered, and why. ``alerted`` says that a notice to the staff was stored."""

    seq: int
    reason: str
    alerted: bool


@quick_init
@dataclass(frozen=True, slots=True)
class Accepted:
    """What a batch came to: counts for the caller, and the contacts that now have something waiting."""

    stored: int
    duplicates: int
    contacts: frozenset[ContactKey]


class InboxStore(ABC):
    """Rows go ``pending → claimed → done | dead``. Every write is one transaction."""

    @abstractmethod
    async def accept(
        self, batch: Sequence[InboundEnvelope], at: datetime, *, burst: BurstWindow | None = None
    ) -> Accepted:
        """Store a batch atomically; known (channel, message id) pairs are skipped.

        With ``burst`` a short text is held back until the window has passed without another; anything else that
        comes ends the wait.
        """

    @abstractmethod
    async def enter(self, contact: ContactKey, profile: str, task: DueTask, at: datetime) -> bool:
        """Put a task into the contact's line; whether its key and due time are new to it."""

    @abstractmethod
    async def keep_raw(self, channel_id: str, body: bytes, reason: str, at: datetime) -> None:
        """Keep bytes that could not be read."""

    @abstractmethod
    async def release_claims_of_dead_runs(self, run_id: str) -> int:
        """Make rows claimed by any run other than ``run_id`` pending again; how many there were."""

    @abstractmethod
    async def contacts_waiting(self) -> Sequence[ContactKey]:
        """Contacts with at least one open row, the one that waits longest first."""

    @abstractmethod
    async def contacts_tried(self, times: int) -> Sequence[ContactKey]:
        """Of these, the ones with a row that was claimed at least so many times and got nowhere, the oldest first."""

    @abstractmethod
    async def claim(
        self, contact: ContactKey, run_id: str, *, max_attempts: int, at: datetime, judge: Judge | None = None
    ) -> ClaimedEvent | RefusedEvent | None:
        """Claim the contact's oldest open row and count the attempt; ``None`` when nothing is open or all is held back.

        A row that has used up ``max_attempts`` without being finished is parked as dead on the way,
        and the next one is claimed. ``judge`` is asked once about each message, when it is claimed first; one that
        it refuses is parked. Short texts that waited for each other are claimed together, as one event.
        """

    @abstractmethod
    async def unpause(self, contact: ContactKey) -> bool:
        """Answer a contact again that was paused for sending the same over and over; whether it was paused."""

    @abstractmethod
    async def fail(self, claim: Claim, error: str, *, max_attempts: int, at: datetime) -> bool:
        """Give a claimed row back after an error; parked as dead after ``max_attempts``. Whether it was parked."""
