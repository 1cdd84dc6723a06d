"""``OutboxStore``: what has been decided to say, until the provider has it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flow_engine.effects import SendMessage
from runtime.ports.channel_adapter import OutboundMessage
from runtime.ports.inbox import DeliveryStatus
from runtime.ports.inbox_store import ContactKey
from runtime.ports.outgoing_messages import OutgoingMessage


@dataclass(frozen=True, slots=True)
class TakenMessage:
    """A message marked ``sending`` on disk.

    ``created_at`` is when the turn decided it; ``unknowns`` counts earlier attempts whose result nobody knows.
    ``initiated`` says that it answers nothing the customer had just said.
    """

    message: OutboundMessage
    contact: ContactKey
    created_at: datetime
    unknowns: int = 0
    initiated: bool = False


@dataclass(frozen=True, slots=True)
class NotBefore:
    """The contact's next message exists but rests until ``at``."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took it."""

    provider_message_id: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Certainly not sent; again at ``at``."""

    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Perhaps sent; a status with our id settles it, else it is sent again at ``at``."""

    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Dead:
    """Given up; kept visible with its reason."""

    error: str


@dataclass(frozen=True, slots=True)
class PutBack:
    """Not the message's fault (channel stopped): pending again, the attempt not counted."""

    error: str


type SendOutcome = Sent | Retry | Unknown | Dead | PutBack


class OutboxStore(ABC):
    """Rows go ``pending → sending → sent | unknown | dead``; per contact in the order of the turns."""

    @abstractmethod
    async def recover(self, run_id: str, *, resend_at: datetime) -> int:
        """Rows a dead run left ``sending`` become ``unknown``, to be sent again at ``resend_at``; how many.

        Rows that were ``unknown`` before wait as long too: nobody could hear their reports meanwhile.
        """

    @abstractmethod
    async def contacts_waiting(self) -> Sequence[ContactKey]:
        """Contacts with at least one open row, the one that waits longest first."""

    @abstractmethod
    async def add(self, contact: ContactKey, message: SendMessage, *, at: datetime) -> bool:
        """Put a message of our own into the contact's line, behind what waits; whether its id was new."""

    @abstractmethod
    async def take(
        self,
        contact: ContactKey,
        run_id: str,
        *,
        at: datetime,
        resend_at: datetime,
        paced_until: datetime | None = None,
    ) -> TakenMessage | NotBefore | None:
        """Mark the contact's oldest open message ``sending``, its attempt counted; ``None`` when none is open.

        ``resend_at`` is kept for the case that this attempt is never settled. Before ``paced_until`` nothing is taken.
        """

    @abstractmethod
    async def attempts_of(self, contact: ContactKey, last: int) -> Sequence[datetime]:
        """When the ``last`` messages of this contact that were tried were last tried, in any order."""

    @abstractmethod
    async def settle(self, message_id: str, outcome: SendOutcome, *, at: datetime) -> bool:
        """Record how an attempt ended; whether the contact has an open message now, this one or another.

        A message a status has settled meanwhile stays settled.
        """

    @abstractmethod
    async def record_statuses(self, batch: Sequence[DeliveryStatus], *, at: datetime) -> frozenset[ContactKey]:
        """Store reports and settle ``unknown`` messages they speak of; the contacts that can go on."""

    @abstractmethod
    async def list(
        self, channel_id: str, contact_id: str | None = None, after: int = 0, limit: int = 500
    ) -> Sequence[OutgoingMessage]:
        """See ``OutgoingMessages.list``."""
