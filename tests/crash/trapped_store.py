"""The durable store with a trap between its steps. The ports are the seams: production code knows nothing of this."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from runtime.burst import BurstWindow
from runtime.ports.conversation_store import StepCommit
from runtime.ports.inbox import DeliveryStatus, InboundEnvelope
from runtime.ports.inbox_store import Accepted, ClaimedEvent, ContactKey, RefusedEvent
from runtime.ports.inbox_traffic import Judge
from runtime.ports.outbox_store import NotBefore, SendOutcome, TakenMessage
from runtime.ports.task_store import Fired, NextDue
from runtime.store.sqlite import SQLiteStateStore
from runtime.store.sqlite.conversations import SQLiteConversationStore
from runtime.store.sqlite.inbox import SQLiteInboxStore
from runtime.store.sqlite.outbox import SQLiteOutboxStore
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.tasks import SQLiteTaskStore
from runtime.store.sqlite.writer import Writer
from tests.crash.points import Point, Trap


class TrappedInbox(SQLiteInboxStore):
    def __init__(self, writer: Writer, reader: Reader, trap: Trap) -> None:
        super().__init__(writer, reader)
        self._trap = trap

    async def accept(
        self, batch: Sequence[InboundEnvelope], at: datetime, *, burst: BurstWindow | None = None
    ) -> Accepted:
        self._trap.reach(Point.VERIFIED)
        accepted = await super().accept(batch, at, burst=burst)
        self._trap.reach(Point.STORED)
        return accepted

    async def claim(
        self, contact: ContactKey, run_id: str, *, max_attempts: int, at: datetime, judge: Judge | None = None
    ) -> ClaimedEvent | RefusedEvent | None:
        claimed = await super().claim(contact, run_id, max_attempts=max_attempts, at=at, judge=judge)
        if claimed is not None:
            self._trap.reach(Point.CLAIMED)
        return claimed

    async def release_claims_of_dead_runs(self, run_id: str) -> int:
        released = await super().release_claims_of_dead_runs(run_id)
        self._trap.reach(Point.RECOVERED)
        return released


class TrappedConversations(SQLiteConversationStore):
    def __init__(self, writer: Writer, reader: Reader, trap: Trap) -> None:
        super().__init__(writer, reader)
        self._trap = trap

    async def commit_step(self, step: StepCommit) -> None:
        self._trap.reach(Point.DECIDED)
        await super().commit_step(step)
        self._trap.reach(Point.COMMITTED)


class TrappedOutbox(SQLiteOutboxStore):
    def __init__(self, writer: Writer, reader: Reader, trap: Trap) -> None:
        super().__init__(writer, reader)
        self._trap = trap

    async def take(
        self,
        contact: ContactKey,
        run_id: str,
        *,
        at: datetime,
        resend_at: datetime,
        paced_until: datetime | None = None,
    ) -> TakenMessage | NotBefore | None:
        taken = await super().take(contact, run_id, at=at, resend_at=resend_at, paced_until=paced_until)
        if isinstance(taken, TakenMessage):
            self._trap.reach(Point.TAKEN)
        return taken

    async def settle(self, message_id: str, outcome: SendOutcome, *, at: datetime) -> bool:
        self._trap.reach(Point.ANSWERED)
        more = await super().settle(message_id, outcome, at=at)
        self._trap.reach(Point.SENT)
        return more

    async def record_statuses(self, batch: Sequence[DeliveryStatus], *, at: datetime) -> frozenset[ContactKey]:
        freed = await super().record_statuses(batch, at=at)
        self._trap.reach(Point.REPORTED)
        return freed


class TrappedTasks(SQLiteTaskStore):
    def __init__(self, writer: Writer, reader: Reader, trap: Trap) -> None:
        super().__init__(writer, reader)
        self._trap = trap

    async def fire_due(self, *, now: datetime, grace: timedelta, next_due: NextDue, limit: int) -> Fired:
        self._trap.reach(Point.DUE)
        fired = await super().fire_due(now=now, grace=grace, next_due=next_due, limit=limit)
        if fired.fired:
            self._trap.reach(Point.FIRED)
        return fired


class TrappedStore(SQLiteStateStore):
    """``inbox_of`` and the others make the facets; a mutant puts its own in their place."""

    inbox_of: type[TrappedInbox] = TrappedInbox
    conversations_of: type[TrappedConversations] = TrappedConversations
    outbox_of: type[TrappedOutbox] = TrappedOutbox
    tasks_of: type[TrappedTasks] = TrappedTasks

    def __init__(self, path: Path, trap: Trap) -> None:
        super().__init__(path)
        self._trap = trap

    async def open(self) -> None:
        await super().open()
        writer, reader = self._writer, self._reader
        assert writer is not None
        assert reader is not None
        self.inbox = self.inbox_of(writer, reader, self._trap)
        self.conversations = self.conversations_of(writer, reader, self._trap)
        self.outbox = self.outbox_of(writer, reader, self._trap)
        self.tasks = self.tasks_of(writer, reader, self._trap)
