"""The rows of ``InMemoryStateStore``: the same columns as the SQLite tables, as plain objects.

One event loop uses them; no method awaits between reading and writing, so each is atomic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from flow_engine.conversation_state import ConversationState
from flow_engine.messages import InternalMessage
from flow_engine.outputs.output import Output
from runtime.ports.audience_store import Unreached
from runtime.ports.consent_ledger import ConsentEntry
from runtime.ports.conversation_store import Outcome, PlannedTask
from runtime.ports.inbox import DeliveryState, DeliveryStatus
from runtime.ports.inbox_store import ContactKey, DueTask
from runtime.ports.inbox_traffic import Traffic
from runtime.ports.notice_store import StaffNotice


@dataclass(slots=True)
class InboxRow:
    seq: int
    contact: ContactKey
    profile: str
    event: InternalMessage | DueTask
    received_at: datetime
    state: str = "pending"
    attempts: int = 0
    steps: int = 0
    run_id: str | None = None
    error: str | None = None
    joinable: bool = False
    joined_to: int | None = None


@dataclass(slots=True)
class OutboxRow:
    seq: int
    id: str
    contact: ContactKey
    output: Output
    created_at: datetime
    state: str = "pending"
    attempts: int = 0
    unknowns: int = 0
    not_before: datetime | None = None
    run_id: str | None = None
    provider_message_id: str | None = None
    delivery: DeliveryState | None = None
    taken_at: datetime | None = None
    error: str | None = None
    initiated: bool = False


@dataclass(slots=True)
class TaskRow:
    seq: int
    profile: str
    task: PlannedTask
    state: str = "scheduled"
    missed_count: int = 0


@dataclass(slots=True)
class NoticeRow:
    seq: int
    notice: StaffNotice
    not_before: datetime
    state: Literal["pending", "told", "dead"] = "pending"
    attempts: int = 0
    error: str | None = None


@dataclass(slots=True)
class AliasRow:
    contact_id: str
    since: datetime
    until: datetime | None = None


@dataclass(slots=True)
class RawRow:
    channel_id: str
    body: bytes
    reason: str
    received_at: datetime


@dataclass(slots=True)
class Tables:
    """Everything, by the key it is looked up with. Rows keep the order in which they were added."""

    inbox: dict[tuple[str, str, str], InboxRow] = field(default_factory=dict)
    traffic: dict[ContactKey, Traffic] = field(default_factory=dict)
    raw: list[RawRow] = field(default_factory=list)
    conversations: dict[ContactKey, ConversationState] = field(default_factory=dict)
    serials: dict[ContactKey, int] = field(default_factory=dict)
    moved_at: dict[ContactKey, datetime] = field(default_factory=dict)
    outbox: dict[str, OutboxRow] = field(default_factory=dict)
    statuses: dict[tuple[str, str, DeliveryState], DeliveryStatus] = field(default_factory=dict)
    tasks: dict[tuple[ContactKey, str], TaskRow] = field(default_factory=dict)
    unreached: dict[Unreached, None] = field(default_factory=dict)
    notices: dict[str, NoticeRow] = field(default_factory=dict)
    outcomes: dict[ContactKey, list[Outcome]] = field(default_factory=dict)
    values: dict[str, bytes] = field(default_factory=dict)
    aliases: dict[ContactKey, AliasRow] = field(default_factory=dict)
    refused_at: dict[ContactKey, datetime] = field(default_factory=dict)
    uploads: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)
    wishes: list[tuple[ContactKey, ConsentEntry]] = field(default_factory=list)
    last_seq: int = 0

    def next_seq(self) -> int:
        self.last_seq += 1
        return self.last_seq
