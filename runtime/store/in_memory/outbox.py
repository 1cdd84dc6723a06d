"""The outbox in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from flow_engine.effects import SendMessage
from runtime.ports.channel_adapter import OutboundMessage
from runtime.ports.inbox import DeliveryState, DeliveryStatus
from runtime.ports.inbox_store import ContactKey
from runtime.ports.outbox_store import (
    Dead,
    NotBefore,
    OutboxStore,
    PutBack,
    Retry,
    SendOutcome,
    Sent,
    TakenMessage,
    Unknown,
)
from runtime.ports.outgoing_messages import OutgoingMessage
from runtime.store.delivery_progress import failure_text, progressed, reading_order
from runtime.store.in_memory.tables import OutboxRow, Tables

OPEN = ("pending", "sending", "unknown")


class InMemoryOutboxStore(OutboxStore):
    """See ``OutboxStore``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def recover(self, run_id: str, *, resend_at: datetime) -> int:
        for row in self._tables.outbox.values():
            if row.state == "unknown" and row.not_before is not None:
                row.not_before = max(row.not_before, resend_at)
        stale = [row for row in self._tables.outbox.values() if row.state == "sending" and row.run_id != run_id]
        for row in stale:
            row.state, row.not_before, row.error = "unknown", resend_at, "the process ended while sending"
            row.unknowns += 1
        return len(stale)

    async def contacts_waiting(self) -> Sequence[ContactKey]:
        return list(dict.fromkeys(row.contact for row in self._tables.outbox.values() if row.state in OPEN))

    async def add(self, contact: ContactKey, message: SendMessage, *, at: datetime) -> bool:
        if message.id in self._tables.outbox:
            return False
        self._tables.outbox[message.id] = OutboxRow(self._tables.next_seq(), message.id, contact, message.output, at)
        return True

    async def take(
        self,
        contact: ContactKey,
        run_id: str,
        *,
        at: datetime,
        resend_at: datetime,
        paced_until: datetime | None = None,
    ) -> TakenMessage | NotBefore | None:
        row = next((row for row in self._tables.outbox.values() if row.contact == contact and row.state in OPEN), None)
        if row is None:
            return None
        if row.not_before is not None and row.not_before > at:
            return NotBefore(row.not_before)
        if paced_until is not None and paced_until > at:
            return NotBefore(paced_until)
        row.taken_at = at
        row.state, row.attempts, row.run_id, row.not_before = "sending", row.attempts + 1, run_id, resend_at
        message = OutboundMessage(row.id, contact.contact_id, row.output, row.attempts)
        return TakenMessage(message, contact, row.created_at, row.unknowns, row.initiated)

    async def attempts_of(self, contact: ContactKey, last: int) -> Sequence[datetime]:
        tried = [row.taken_at for row in self._tables.outbox.values() if row.contact == contact]
        return [moment for moment in tried if moment is not None][-last:]

    async def settle(self, message_id: str, outcome: SendOutcome, *, at: datetime) -> bool:
        row = self._tables.outbox[message_id]
        if isinstance(outcome, Sent):
            self._sent(row, outcome.provider_message_id)
        elif row.state == "sending":
            row.error = outcome.error
            match outcome:
                case Retry(again, _):
                    row.state, row.not_before = "pending", again
                case Unknown(again, _):
                    row.state, row.not_before = "unknown", again
                    row.unknowns += 1
                case Dead():
                    row.state, row.not_before = "dead", None
                case PutBack():
                    row.state, row.not_before, row.attempts = "pending", None, row.attempts - 1
                case _:
                    assert_never(outcome)
        return any(other.contact == row.contact and other.state in OPEN for other in self._tables.outbox.values())

    async def record_statuses(self, batch: Sequence[DeliveryStatus], *, at: datetime) -> frozenset[ContactKey]:
        freed = [self._record(status) for status in batch]
        return frozenset(contact for contact in freed if contact is not None)

    async def list(
        self, channel_id: str, contact_id: str | None = None, after: int = 0, limit: int = 500
    ) -> Sequence[OutgoingMessage]:
        found = [
            OutgoingMessage(row.seq, row.id, row.contact.contact_id, row.output, row.created_at)
            for row in self._tables.outbox.values()
            if row.contact.channel_id == channel_id
            and row.seq > after
            and (contact_id is None or row.contact.contact_id == contact_id)
        ]
        return found[:limit]

    def _sent(self, row: OutboxRow, provider_message_id: str) -> None:
        if row.state not in ("sending", "unknown"):
            return
        row.state, row.provider_message_id, row.error = "sent", provider_message_id, None
        earlier = [
            status
            for (channel_id, message_id, _), status in self._tables.statuses.items()
            if channel_id == row.contact.channel_id and message_id == provider_message_id
        ]
        for status in sorted(earlier, key=lambda status: reading_order(status.state)):
            _progress(row, status)

    def _record(self, status: DeliveryStatus) -> ContactKey | None:
        key = (status.channel_id, status.provider_message_id, status.state)
        self._tables.statuses.setdefault(key, status)
        row = self._row_of(status)
        if row is None or not row.attempts:
            return None
        was_open = row.state in OPEN
        _progress(row, status)
        return row.contact if was_open else None

    def _row_of(self, status: DeliveryStatus) -> OutboxRow | None:
        if status.our_id is not None:
            row = self._tables.outbox.get(status.our_id)
            if row is not None and row.contact.channel_id == status.channel_id:
                return row
        for row in self._tables.outbox.values():
            if row.provider_message_id == status.provider_message_id and row.contact.channel_id == status.channel_id:
                return row
        return None


def _progress(row: OutboxRow, status: DeliveryStatus) -> None:
    after = progressed(row.delivery, status.state)
    if after is row.delivery:
        return
    failed = after is DeliveryState.FAILED
    row.delivery, row.state = after, "dead" if failed else "sent"
    row.error = failure_text(status.error_code, status.error_detail) if failed else None
    row.provider_message_id = row.provider_message_id or status.provider_message_id
