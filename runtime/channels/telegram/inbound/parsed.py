"""What an update can turn out to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flow_engine.messages import InternalMessage


@dataclass(frozen=True, slots=True)
class Written:
    """A customer wrote or sent something."""

    message: InternalMessage


@dataclass(frozen=True, slots=True)
class Tapped:
    """A customer tapped an inline button. ``message.payload`` is the ``callback_data`` as it came.

    ``query_id`` is what the tap is answered with. ``message_number`` is the message that carries the keyboard, ``None``
    where Telegram shows it no longer.
    """

    message: InternalMessage
    query_id: str
    message_number: int | None


@dataclass(frozen=True, slots=True)
class Edited:
    """A customer changed the message ``original_id`` to what ``message`` says."""

    original_id: str
    message: InternalMessage


@dataclass(frozen=True, slots=True)
class BlockChanged:
    """A customer blocked the bot, or took that back. ``proof`` names the report; ``at`` is aware, in UTC."""

    contact_id: str
    blocked: bool
    proof: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """Nothing that a front desk answers. ``reason`` is a stable word for the log."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Not JSON, or not the documented shape. The body is kept. ``reason`` is a stable word."""

    reason: str


type Update = Written | Tapped | Edited | BlockChanged | Passed | Unreadable
