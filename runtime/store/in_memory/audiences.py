"""Standing schedules handed out, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from runtime.ports.audience_store import AudienceStore, ContactTask, HandedOut, Unreached
from runtime.ports.inbox_store import Claim, ContactKey, DueTask
from runtime.store.in_memory.inbox import claimed_row, enter
from runtime.store.in_memory.tables import Tables


class InMemoryAudienceStore(AudienceStore):
    """See ``AudienceStore``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def hand_out(self, claim: Claim, run: DueTask, tasks: Sequence[ContactTask], *, at: datetime) -> HandedOut:
        row = claimed_row(self._tables, claim)
        row.steps, row.state = row.steps + 1, "done"
        reached: set[ContactKey] = set()
        unreached: dict[str, None] = {}
        for found in tasks:
            contact = latest(self._tables, found.contact_id)
            if contact is None:
                unreached[found.contact_id] = None
                continue
            profile = self._tables.conversations[contact].channel
            if enter(self._tables, contact, profile, found.task, at):
                reached.add(contact)
        for contact_id in unreached:
            self._tables.unreached.setdefault(Unreached(run.idempotency_key, run.due_at, contact_id))
        return HandedOut(frozenset(reached), tuple(unreached))

    async def unreached(self, schedule_id: str) -> Sequence[Unreached]:
        return [found for found in self._tables.unreached if found.schedule_id == schedule_id]


def latest(tables: Tables, contact_id: str) -> ContactKey | None:
    """The contact on the channel whose conversation moved on last."""
    known = [contact for contact in tables.conversations if contact.contact_id == contact_id]
    return max(known, key=tables.moved_at.__getitem__, default=None)
