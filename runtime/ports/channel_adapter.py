"""``ChannelAdapter``: the outbound half of a channel and its identity.

The inbound half (parsing a provider's request) is the channel's router; it hands messages to
``InboundIntake``. Splitting the two keeps this port small enough to implement in an afternoon.
"""

from __future__ import annotations

import base64
import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass

from flow_engine.outputs.output import Output
from runtime.errors import SendAction, SendError
from runtime.limits import UNPACED, SendPace


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message to one customer.

    ``id`` is the effect's id: the same on every attempt, unique within the tenant, at most 200
    characters. A provider that echoes an opaque id gets this one. ``attempt`` counts from 1.
    """

    id: str
    contact_id: str
    output: Output
    attempt: int


@dataclass(frozen=True, slots=True)
class SendReceipt:
    """The provider accepted the message under this id. It may still fail later (delivery status)."""

    provider_message_id: str


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A customer's file. ``mime_type`` is the provider's word; empty where it has none beside the message's."""

    content: bytes
    mime_type: str

    def fault_of(self, announced_type: str, announced_sha256: str) -> str | None:
        """Why this is not the file that a message announced; ``None`` if it may be. A hash comes as hex or base64."""
        base = announced_type.partition(";")[0].strip().lower()
        if base and self.mime_type and base != self.mime_type:
            return f"{self.mime_type} instead of {base}"
        digest = hashlib.sha256(self.content).digest()
        if announced_sha256 and announced_sha256 not in (digest.hex(), base64.b64encode(digest).decode()):
            return "its hash is another than its message said"
        return None


class ChannelAdapter(ABC):
    """One account of one channel.

    ``channel_id`` is the stable key of the account on every stored row (``http_dev``,
    ``whatsapp:<phone_number_id>``). ``profile`` names the capability profile outputs are shaped for. ``pace`` is how
    fast the provider lets this account send.
    """

    channel_id: str
    profile: str
    pace: SendPace = UNPACED

    @abstractmethod
    async def send(self, message: OutboundMessage) -> SendReceipt:
        """Hand one message to the provider, within the adapter's own total deadline.

        Raises:
            SendError: with ``action`` saying what the outbox has to do. Nothing else is raised on purpose.
        """

    async def show_working(self, contact_id: str, message_id: str) -> None:  # noqa: B027 - most channels have no such sign
        """Show the customer that ``message_id`` was read and is being worked on, for a few seconds.

        Raises:
            SendError: it could not be shown. Nothing depends on it.
        """

    async def fetch_file(self, media_id: str, most_bytes: int) -> ReceivedFile:
        """A file that a customer sent, whole.

        Raises:
            SendError: ``PARK`` for what can never be had, as everything on a channel without files.
        """
        raise SendError(SendAction.PARK, "this channel hands over no files")

    async def probe(self) -> None:  # noqa: B027 - a channel that cannot be asked is tried with a message
        """Ask whether a stopped account works again, without sending anything.

        Raises:
            SendError: it does not.
        """

    @abstractmethod
    async def close(self) -> None:
        """Let go of connections. Called once, after the last ``send`` has returned."""
