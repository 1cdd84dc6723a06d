"""The inbox in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSON
from runtime.burst import BurstWindow, joined, may_be_joined
from runtime.errors import ClaimLostError
from runtime.ports.conversation_store import BURST_TASK, PlannedTask
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import Accepted, Claim, ClaimedEvent, ContactKey, DueTask, InboxStore, RefusedEvent
from runtime.ports.inbox_traffic import Judge
from runtime.ports.notice_store import StaffNotice
from runtime.store.event_codec import MESSAGE, TASK
from runtime.store.fingerprint import fingerprint
from runtime.store.in_memory.tables import InboxRow, NoticeRow, RawRow, Tables
from runtime.store.in_memory.task_rows import cancel, plan
from runtime.store.instants import from_micros, to_micros
from runtime.store.task_identity import event_id

KILLED = "the process ended during every attempt"
OPEN = ("pending", "claimed")


class InMemoryInboxStore(InboxStore):
    """See ``InboxStore``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def accept(
        self, batch: Sequence[InboundEnvelope], at: datetime, *, burst: BurstWindow | None = None
    ) -> Accepted:
        contacts = set()
        stored = 0
        for envelope in batch:
            contact = ContactKey(envelope.channel_id, envelope.message.contact_id)
            if not enter(self._tables, contact, envelope.profile, envelope.message, at):
                continue
            stored += 1
            contacts.add(contact)
            if burst is not None:
                self._hold_or_let_go(contact, envelope, burst, at)
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

    async def contacts_tried(self, times: int) -> Sequence[ContactKey]:
        rows = self._tables.inbox.values()
        return list(dict.fromkeys(row.contact for row in rows if row.state in OPEN and row.attempts >= times))

    async def claim(
        self, contact: ContactKey, run_id: str, *, max_attempts: int, at: datetime, judge: Judge | None = None
    ) -> ClaimedEvent | RefusedEvent | None:
        for row in self._open(contact):
            if row.attempts >= max_attempts:
                self._park(row, row.error or KILLED)
                continue
            fresh = not row.attempts and not row.steps
            if fresh and row.joinable and self._is_held(contact):
                return None
            if fresh and (refused := self._judged(contact, row, judge)) is not None:
                return refused
            joined_rows = self._joined(contact, row, judge, fresh=fresh) if row.joinable else []
            for each in (row, *joined_rows):
                each.state, each.attempts, each.run_id = "claimed", each.attempts + 1, run_id
            return ClaimedEvent(
                claim=Claim(row.seq, run_id, tuple(each.seq for each in joined_rows)),
                contact=contact,
                profile=row.profile,
                event=_as_one([row, *joined_rows]),
                received_at=row.received_at,
                attempts=row.attempts,
                started=row.steps > 0,
                snapshot=self._tables.conversations.get(contact),
                serial=self._tables.serials.get(contact),
                more=any(other.seq > row.seq for other in self._open(contact)),
            )
        return None

    async def fail(self, claim: Claim, error: str, *, max_attempts: int, at: datetime) -> bool:
        row = claimed_row(self._tables, claim)
        row.error, row.run_id = error, None
        row.state = "dead" if row.attempts >= max_attempts else "pending"
        for each in joined_rows_of(self._tables, claim):
            each.state, each.run_id = (row.state if row.steps else "pending"), None
        return row.state == "dead"

    async def unpause(self, contact: ContactKey) -> bool:
        known = self._tables.traffic.get(contact)
        if known is None or not known.paused_until:
            return False
        self._tables.traffic[contact] = replace(known, paused_until=0, seen={})
        return True

    def _open(self, contact: ContactKey) -> list[InboxRow]:
        return [row for row in self._tables.inbox.values() if row.contact == contact and row.state in OPEN]

    def _is_held(self, contact: ContactKey) -> bool:
        row = self._tables.tasks.get((contact, BURST_TASK))
        return row is not None and row.state == "scheduled"

    def _hold_or_let_go(self, contact: ContactKey, envelope: InboundEnvelope, burst: BurstWindow, at: datetime) -> None:
        if not may_be_joined(envelope.message):
            cancel(self._tables, contact, (BURST_TASK,))
            return
        self._tables.inbox[(contact.channel_id, MESSAGE, envelope.message.id)].joinable = True
        held = self._tables.tasks.get((contact, BURST_TASK))
        data: dict[str, JSON] = {"latest": to_micros(at + burst.longest)}
        due_at = at + burst.window
        if held is not None and held.state == "scheduled":
            data = dict(held.task.data)
            due_at = min(due_at, from_micros(int(str(data["latest"]))))
        plan(self._tables, contact, envelope.profile, [PlannedTask(BURST_TASK, BURST_TASK, due_at, data=data)])

    def _judged(self, contact: ContactKey, row: InboxRow, judge: Judge | None) -> RefusedEvent | None:
        if judge is None or not isinstance(row.event, InternalMessage):
            return None
        verdict = judge(self._tables.traffic.get(contact), fingerprint(row.event), to_micros(row.received_at))
        self._tables.traffic[contact] = verdict.traffic
        if verdict.refusal is None:
            return None
        row.state, row.error = "dead", verdict.refusal
        if verdict.alert is not None:
            notice = StaffNotice(f"@inbox:{row.seq}", contact, verdict.alert.subject, verdict.alert.text)
            self._tables.notices[notice.id] = NoticeRow(self._tables.next_seq(), notice, row.received_at)
        return RefusedEvent(row.seq, verdict.refusal, alerted=verdict.alert is not None)

    def _park(self, row: InboxRow, error: str) -> None:
        fellows = [each for each in self._open(row.contact) if row.steps and each.joined_to == row.seq]
        for each in (row, *fellows):
            each.state, each.error = "dead", error

    def _joined(self, contact: ContactKey, row: InboxRow, judge: Judge | None, *, fresh: bool) -> list[InboxRow]:
        later = [each for each in self._open(contact) if each.seq > row.seq]
        if row.steps:
            return [each for each in later if each.joined_to == row.seq]
        found = []
        for each in later if fresh else []:
            if not each.joinable or each.attempts:
                break
            if self._judged(contact, each, judge) is None:
                each.joined_to = row.seq
                found.append(each)
        return found


def _as_one(rows: Sequence[InboxRow]) -> InternalMessage | DueTask:
    messages = [row.event for row in rows if isinstance(row.event, InternalMessage)]
    return joined(messages) if len(messages) > 1 else rows[0].event


def joined_rows_of(tables: Tables, claim: Claim) -> list[InboxRow]:
    """The rows that share the claim's fate."""
    return [row for row in tables.inbox.values() if row.seq in claim.joined and row.state == "claimed"]


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
