"""Conversations in memory. Snapshots are frozen values, so keeping the object is keeping a copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flow_engine.conversation_state import ConversationState
from flow_engine.messages import InternalMessage
from runtime.errors import StoreError
from runtime.ports.consent_ledger import WISH_OUTCOMES, ConsentEntry, WishSource
from runtime.ports.conversation_store import ConversationStore, Outcome, StepCommit
from runtime.ports.inbox_store import ContactKey, DueTask
from runtime.store.earlier_texts import earlier_texts
from runtime.store.in_memory.corrections import withhold_if_staff_wrote
from runtime.store.in_memory.inbox import claimed_row, joined_rows_of
from runtime.store.in_memory.tables import NoticeRow, OutboxRow, Tables
from runtime.store.in_memory.task_rows import cancel, plan
from runtime.store.task_identity import event_id


class InMemoryConversationStore(ConversationStore):
    """See ``ConversationStore``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def load(self, contact: ContactKey) -> ConversationState | None:
        return self._tables.conversations.get(contact)

    async def earlier_texts(self, contact: ContactKey, *, before: int, since: datetime, limit: int) -> Sequence[str]:
        rows = [
            row.event
            for row in self._tables.inbox.values()
            if row.contact == contact and row.seq < before and row.received_at >= since
        ]
        return earlier_texts([event for event in rows if isinstance(event, InternalMessage)][-limit:])

    async def commit_step(self, step: StepCommit) -> None:
        tables = self._tables
        row = claimed_row(tables, step.claim)
        ids = [message.id for message in step.messages]
        if len(set(ids)) < len(ids) or any(message_id in tables.outbox for message_id in ids):
            raise StoreError(f"a message id of event {step.claim.seq} is already in the outbox")
        if row.contact != step.contact:  # the customer has got another id while this was worked on
            snapshot = step.snapshot.changed(contact_id=row.contact.contact_id)
            step = replace(step, contact=row.contact, snapshot=snapshot)
        row.steps += 1
        row.state, row.attempts = ("done", row.attempts) if step.done else ("claimed", 0)
        if step.done:
            for fellow in joined_rows_of(tables, step.claim):
                fellow.state, fellow.steps = "done", 1
        tables.conversations[step.contact] = step.snapshot
        tables.serials[step.contact] = step.bundle_serial
        tables.moved_at[step.contact] = step.at
        for message in step.messages:
            sent = OutboxRow(tables.next_seq(), message.id, step.contact, message.output, step.at)
            sent.initiated = isinstance(row.event, DueTask)
            tables.outbox[message.id] = sent
        withhold_if_staff_wrote(tables, step.contact)
        tables.outcomes.setdefault(step.contact, []).extend(step.outcomes)
        wishes = [WISH_OUTCOMES[found.name] for found in step.outcomes if found.name in WISH_OUTCOMES]
        proof = row.event.id if isinstance(row.event, InternalMessage) else event_id(step.contact, row.event)
        tables.wishes += [(step.contact, ConsentEntry(wish, WishSource.FLOW, proof, step.at)) for wish in wishes]
        for notice in step.notices:
            tables.notices[notice.id] = NoticeRow(tables.next_seq(), notice, step.at)
        cancel(tables, step.contact, step.cancelled_keys)
        plan(tables, step.contact, step.snapshot.channel, step.tasks)

    async def outcomes(self, contact: ContactKey) -> Sequence[Outcome]:
        return list(self._tables.outcomes.get(contact, ()))
