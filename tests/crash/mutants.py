"""Eight runtimes that break a promise. Each must be found out within 200 kills, or the harness proves nothing.

A mutant is a store of its own, put together here and nowhere else: a runtime that is started as usual cannot become
one.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from runtime.burst import BurstWindow
from runtime.ports.conversation_store import StepCommit
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import Accepted, ClaimedEvent, ContactKey, RefusedEvent
from runtime.ports.inbox_traffic import Judge
from runtime.ports.outbox_store import NotBefore, Retry, SendOutcome, Sent, TakenMessage
from runtime.store.instants import to_micros
from runtime.store.sqlite import claiming
from tests.crash.broken import Promise
from tests.crash.trapped_store import TrappedConversations, TrappedInbox, TrappedOutbox, TrappedStore


class AcknowledgesFirst(TrappedInbox):
    async def accept(
        self, batch: Sequence[InboundEnvelope], at: datetime, *, burst: BurstWindow | None = None
    ) -> Accepted:
        contacts = frozenset(ContactKey(item.channel_id, item.message.contact_id) for item in batch)
        self._later = asyncio.create_task(super().accept(batch, at, burst=burst))
        return Accepted(len(batch), 0, contacts)


class KnowsNoDuplicates(TrappedInbox):
    async def accept(
        self, batch: Sequence[InboundEnvelope], at: datetime, *, burst: BurstWindow | None = None
    ) -> Accepted:
        known = "SELECT 1 FROM inbox WHERE channel_id = ? AND kind = 'message' AND message_id = ?"
        renamed = [
            replace(item, message=replace(item.message, id=f"{item.message.id}.{secrets.token_hex(4)}"))
            if self._reader.row(known, item.channel_id, item.message.id)
            else item
            for item in batch
        ]
        return await super().accept(renamed, at, burst=burst)


class CountsNoAttempt(TrappedInbox):
    async def claim(
        self, contact: ContactKey, run_id: str, *, max_attempts: int, at: datetime, judge: Judge | None = None
    ) -> ClaimedEvent | RefusedEvent | None:
        claimed = await super().claim(contact, run_id, max_attempts=max_attempts, at=at, judge=judge)
        if isinstance(claimed, ClaimedEvent):
            seq = claimed.claim.seq
            uncount = "UPDATE inbox SET attempts = attempts - 1 WHERE seq = ?"
            await self._writer.write(lambda connection: connection.execute(uncount, (seq,)).rowcount)
        return claimed


class LeavesClaims(TrappedInbox):
    """And believes that a claim is somebody's who is at work."""

    async def release_claims_of_dead_runs(self, run_id: str) -> int:
        return 0

    async def claim(
        self, contact: ContactKey, run_id: str, *, max_attempts: int, at: datetime, judge: Judge | None = None
    ) -> ClaimedEvent | RefusedEvent | None:
        claiming._OLDEST_OPEN = claiming._OLDEST_OPEN.replace("('pending', 'claimed')", "('pending')")
        return await super().claim(contact, run_id, max_attempts=max_attempts, at=at, judge=judge)


class TakesAny(TrappedInbox):
    async def claim(
        self, contact: ContactKey, run_id: str, *, max_attempts: int, at: datetime, judge: Judge | None = None
    ) -> ClaimedEvent | RefusedEvent | None:
        claiming._OLDEST_OPEN = claiming._OLDEST_OPEN.replace("ORDER BY seq LIMIT 1", "ORDER BY random() LIMIT 1")
        return await super().claim(contact, run_id, max_attempts=max_attempts, at=at, judge=judge)


class SendsFirst(TrappedConversations):
    """What a step says is on its way before the step is stored, under an id that no repetition will have."""

    async def commit_step(self, step: StepCommit) -> None:
        said = [replace(message, id=f"{message.id}.{secrets.token_hex(4)}") for message in step.messages]
        at = to_micros(step.at)
        rows = [(message.id, *_key(step.contact), _text_of(message.output), at, at) for message in said]
        insert = (
            "INSERT INTO outbox (id, channel_id, contact_id, output, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)"
        )
        await self._writer.write(lambda connection: connection.executemany(insert, rows).rowcount)
        await super().commit_step(replace(step, messages=()))


class SendsTwice(TrappedOutbox):
    """What was sent at a second attempt is sent once more."""

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
            self._attempt = {**getattr(self, "_attempt", {}), taken.message.id: taken.message.attempt}
        return taken

    async def settle(self, message_id: str, outcome: SendOutcome, *, at: datetime) -> bool:
        if isinstance(outcome, Sent) and self._attempt.get(message_id) == 2:
            outcome = Retry(at, "once more")
        return await super().settle(message_id, outcome, at=at)


class NeverSyncs(TrappedStore):
    async def open(self) -> None:
        await super().open()
        assert self._writer is not None

        def relax(connection: sqlite3.Connection) -> None:
            # Inside a transaction SQLite refuses to change it; the writer has one open around every job.
            connection.execute("COMMIT")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SAVEPOINT one")

        await self._writer.write(relax)


def _store(**facets: type) -> type[TrappedStore]:
    return type("MutantStore", (TrappedStore,), facets)


@dataclass(frozen=True, slots=True)
class Mutant:
    """``found_by`` is the promise whose judge must find it; another one that breaks on the way is no catch."""

    promise_broken: str
    store: type[TrappedStore]
    found_by: Promise

    @property
    def found_by_trace(self) -> bool:
        """Killing a process cannot show it, because the kernel still has what was never synced."""
        return self.found_by is Promise.SYNCED


MUTANTS: dict[int, Mutant] = {
    1: Mutant("the 200 leaves before the commit", _store(inbox_of=AcknowledgesFirst), Promise.STORED),
    2: Mutant("a commit does not reach the disk (synchronous=NORMAL)", NeverSyncs, Promise.SYNCED),
    3: Mutant("a message delivered twice is two messages", _store(inbox_of=KnowsNoDuplicates), Promise.STORED_ONCE),
    4: Mutant("a reply is sent before its step is stored", _store(conversations_of=SendsFirst), Promise.ANSWERED),
    5: Mutant("a claim counts no attempt", _store(inbox_of=CountsNoAttempt), Promise.COUNTED),
    6: Mutant("a contact's messages are taken in any order", _store(inbox_of=TakesAny), Promise.IN_ORDER),
    7: Mutant("a send of unknown result is repeated twice", _store(outbox_of=SendsTwice), Promise.SENT_ONCE),
    8: Mutant("what a dead run had claimed is never released", _store(inbox_of=LeavesClaims), Promise.FINISHED),
}


def _key(contact: ContactKey) -> tuple[str, str]:
    return contact.channel_id, contact.contact_id


def _text_of(output: object) -> str:
    from flow_engine.outputs.codec import encode_output  # noqa: PLC0415 - one mutant's
    from runtime.store.event_codec import encode_json  # noqa: PLC0415 - the same

    return encode_json(encode_output(output))  # type: ignore[arg-type]  # an output, as the step had it
