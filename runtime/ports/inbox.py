"""``InboundIntake``: where channels put what came in. When a call returns, it is on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from flow_engine.messages import InternalMessage
from flow_engine.quick_init import quick_init
from flow_engine.vocabulary import JSON
from runtime.ports.contact_notes import ContactNote


@quick_init
@dataclass(frozen=True, slots=True)
class InboundEnvelope:
    """A message and the account it came in on. (``channel_id``, ``message.id``) is what makes it unique.

    ``business_account`` and ``display_number`` are what the channel calls the account, ``details`` is what else it
    tells of the message. None of them is stored.
    """

    channel_id: str
    profile: str
    message: InternalMessage
    business_account: str = ""
    display_number: str = ""
    details: Mapping[str, JSON] = field(default_factory=dict, repr=False)


@quick_init
@dataclass(frozen=True, slots=True)
class AcceptResult:
    """How many of a batch were new, and how many had been accepted before."""

    stored: int
    duplicates: int


class DeliveryState(StrEnum):
    """How far a message got, in rising order; ``failed`` stands apart."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class DeliveryVerdict(StrEnum):
    """What a failure says about the customer, beyond this message."""

    WINDOW_CLOSED = "window_closed"
    """She wrote too long ago: only an approved template reaches her."""
    OPTED_OUT = "opted_out"
    """She told the channel that she wants no such messages."""


@quick_init
@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """What a provider reports about a message we sent.

    ``provider_message_id`` is the provider's id; ``our_id`` is ``OutboundMessage.id`` where the provider
    echoes it. ``error_code``, ``error_detail`` and ``verdict`` count for ``failed`` only. ``details`` is the whole
    report as it came (recipient, price, …); it may be personal and is not stored.
    """

    channel_id: str
    provider_message_id: str
    state: DeliveryState
    at: datetime
    our_id: str | None = None
    error_code: str | None = None
    error_detail: str = ""
    verdict: DeliveryVerdict | None = None
    details: Mapping[str, JSON] = field(default_factory=dict, repr=False)


class MessageIntake(Protocol):
    """Durable hand-over. Every method returns after the commit or raises and has stored nothing.

    Raises (all methods):
        StoreUnavailableError: do not acknowledge; answer 503 and the provider delivers again.
    """

    async def accept(self, batch: Sequence[InboundEnvelope]) -> AcceptResult:
        """Store a batch, all of it or nothing. Known ids are counted and otherwise ignored."""
        ...

    async def keep_raw(self, channel_id: str, body: bytes, reason: str) -> None:
        """Keep an authentic body that we cannot read, for inspection."""
        ...

    async def record_statuses(self, batch: Sequence[DeliveryStatus]) -> None:
        """Store delivery reports. A state never goes back: read stays read when delivered comes late."""
        ...


class InboundIntake(MessageIntake, Protocol):
    """The same for channels, which also tell about contacts and about messages of earlier."""

    async def note(self, batch: Sequence[ContactNote]) -> None:
        """Take note of what a channel tells about contacts and earlier messages; each note by itself."""
        ...
