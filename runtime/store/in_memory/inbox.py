"""The inbox in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flow_engine.messages import InternalMessage
from runtime.errors import ClaimLostError
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import Accepted, Claim, ClaimedEvent, ContactKey, DueTask, InboxStore
from runtime.store.event_codec import MESSAGE, TASK
from runtime.store.in_memory.tables import InboxRow, RawRow, Tables
from runtime.store.task_identity import event_id

KILLED = "the process ended during every attempt"
OPEN = ("pending", "claimed")


class InMemoryInboxStore(InboxStore):
    """See ``InboxStore``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def accept(self, batch: Sequence[InboundEnvelope], at: datetime) -> Accepted:
        contacts = set()
        stored = 0
        for envelope in batch:
            contact = ContactKey(envelope.channel_id, envelope.message.contact_id)
            if enter(self._tables, contact, envelope.profile, envelope.message, at):
                stored += 1
                contacts.add(contact)
        return Accepted(stored, len(batch) - stored, frozenset(contacts))

    async def enter(self, contact: ContactKey, profile: str, task: DueTask, at: datetime) -> bool:
        return enter(self._tables, contact, profile, task, at)

    async def keep_raw(self, channel_id: str, body: bytes, reason: str, at: datetime) -> None:
        self._tables.raw.append(RawRow(channel_id, body, reason, at))

    async def release_claims_of_dead_runs(self, run_id: str) -> int:
        stale = [row for row in self._tables.inbox.values() if row.state == "claimed" and row.run_id != run_id]
        for row in stale:
            row.state, row.run_id = "pending", None
        return len(stale)

    async def contacts_waiting(self) -> Sequence[ContactKey]:
        return list(dict.fromkeys(row.contact for row in self._tables.inbox.values() if row.state in OPEN))

    async def claim(self, contact: ContactKey, run_id: str, *, max_attempts: int, at: datetime) -> ClaimedEvent | None:
        for row in self._tables.inbox.values():
            if row.contact != contact or row.state not in OPEN:
                continue
            if row.attempts >= max_attempts:
                row.state, row.error = "dead", row.error or KILLED
                continue
            row.state, row.attempts, row.run_id = "claimed", row.attempts + 1, run_id
            return ClaimedEvent(
                claim=Claim(row.seq, run_id),
                contact=contact,
                profile=row.profile,
                event=row.event,
                received_at=row.received_at,
                attempts=row.attempts,
                started=row.steps > 0,
                snapshot=self._tables.conversations.get(contact),
            )
        return None

    async def fail(self, claim: Claim, error: str, *, max_attempts: int, at: datetime) -> bool:
        row = claimed_row(self._tables, claim)
        row.error, row.run_id = error, None
        row.state = "dead" if row.attempts >= max_attempts else "pending"
        return row.state == "dead"


def enter(tables: Tables, contact: ContactKey, profile: str, event: InternalMessage | DueTask, at: datetime) -> bool:
    """Add an event unless its id is known; whether it was added."""
    if isinstance(event, DueTask):
        key = (contact.channel_id, TASK, event_id(contact, event))
    else:
        key = (contact.channel_id, MESSAGE, event.id)
    if key in tables.inbox:
        return False
    tables.inbox[key] = InboxRow(tables.next_seq(), contact, profile, event, at)
    return True


def claimed_row(tables: Tables, claim: Claim) -> InboxRow:
    """The row behind a claim. Raises ``ClaimLostError``."""
    for row in tables.inbox.values():
        if row.seq == claim.seq and row.state == "claimed" and row.run_id == claim.run_id:
            return row
    raise ClaimLostError(f"event {claim.seq} is not claimed by this run")
