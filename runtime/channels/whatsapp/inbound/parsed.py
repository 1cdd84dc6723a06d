"""What a webhook body can turn out to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from flow_engine.messages import InternalMessage
from flow_engine.quick_init import quick_init
from flow_engine.vocabulary import JSON
from runtime.ports.inbox import DeliveryStatus, InboundEnvelope


class NoticeKind(StrEnum):
    """Things a webhook tells that are neither a customer's message nor a delivery report.

    None of them is ever answered.
    """

    ACCOUNT = "account"
    """Account, template, quality and other fields that concern the business, not a chat."""
    CHANNEL_ERROR = "channel_error"
    """``value.errors``: an alarm about the number itself."""
    ECHO = "echo"
    """Staff wrote from their own phone (coexistence)."""
    EDIT = "edit"
    """A customer changed an earlier message; ``message`` is its new form."""
    FOREIGN_NUMBER = "foreign_number"
    """Addressed to another phone number id: refused, and nothing of it is kept."""
    GROUP_MESSAGE = "group_message"
    """Written in a group. A front desk talks to one person; ``message`` is what was written."""
    HISTORY = "history"
    """Chats from before the number was connected."""
    IDENTITY_CHANGED = "identity_changed"
    """A customer has a new number or a new user id; ``detail`` holds old and new."""
    PREFERENCE = "preference"
    """A customer stopped or resumed marketing messages."""
    REVOKE = "revoke"
    """A customer deleted an earlier message."""
    STANDBY = "standby"
    """Another app has the conversation; we only listen."""
    SYSTEM = "system"
    """Any other system message of a chat."""
    UNKNOWN_STATUS = "unknown_status"
    """A delivery report of a kind we do not use."""
    UNREADABLE = "unreadable"
    """A part that has not the documented shape. The body is kept for inspection."""


@quick_init
@dataclass(frozen=True, slots=True)
class Notice:
    """One such thing. ``webhook_field`` is Meta's name of the field. ``detail`` may be personal: never log it.

    ``channel_id`` is the number it happened on, ``None`` where it concerns the account or a number that is not ours.
    ``value`` is the part of the body that says so, as deep as it came: not for storing.
    """

    kind: NoticeKind
    webhook_field: str
    contact_id: str | None = None
    detail: Mapping[str, JSON] = field(default_factory=dict)
    message: InternalMessage | None = None
    channel_id: str | None = None
    value: Mapping[str, JSON] = field(default_factory=dict, repr=False)


@quick_init
@dataclass(frozen=True, slots=True)
class ParsedWebhook:
    """Everything one body holds, in the order it stands there. The reader fills the lists; nobody after it does."""

    messages: list[InboundEnvelope]
    statuses: list[DeliveryStatus]
    notices: list[Notice]


@dataclass(frozen=True, slots=True)
class UnreadableBody:
    """The body as a whole says nothing to us. ``reason`` is a stable word: ``not_json``, ``not_an_envelope``."""

    reason: str
