"""Aliases of contacts in memory, and moving what one has to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flow_engine.conversation_state import ConversationState
from flow_engine.messages import InternalMessage
from runtime.ports.contact_store import FORMER_ID_HOLDS, ContactStore, LastWord
from runtime.ports.inbox_store import ContactKey
from runtime.store.in_memory.tables import AliasRow, Tables


class InMemoryContactStore(ContactStore):
    """See ``ContactStore``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def known_as(self, channel_id: str, some_id: str, *, at: datetime) -> str:
        row = self._tables.aliases.get(ContactKey(channel_id, some_id))
        return some_id if row is None or not _holds(row, at) else row.contact_id

    async def aliases_of(self, contact: ContactKey, *, at: datetime) -> tuple[str, ...]:
        found = [
            (row.since, alias.contact_id)
            for alias, row in self._tables.aliases.items()
            if alias.channel_id == contact.channel_id and row.contact_id == contact.contact_id and _holds(row, at)
        ]
        return tuple(alias for _, alias in sorted(found, reverse=True))

    async def link(self, contact: ContactKey, alias: str, *, at: datetime) -> bool:
        tables, other = self._tables, ContactKey(contact.channel_id, alias)
        known = tables.aliases.get(other)
        known = known if known is not None and _holds(known, at) else None
        if known is not None and known.contact_id == contact.contact_id:
            return False
        tables.aliases[other] = AliasRow(contact.contact_id, at)
        if known is not None or not _has_rows(tables, other):
            return False
        move_contact(tables, other, contact)
        return True

    async def rename(self, contact: ContactKey, now: str, *, at: datetime) -> None:
        current = ContactKey(contact.channel_id, now)
        if current == contact:
            return
        move_contact(self._tables, contact, current)
        self._tables.aliases.pop(current, None)
        self._tables.aliases[contact] = AliasRow(now, at, at + FORMER_ID_HOLDS)

    async def last_word(self, contact: ContactKey) -> LastWord:
        heard = [
            row.event.sent_at
            for row in self._tables.inbox.values()
            if row.contact == contact and isinstance(row.event, InternalMessage)
        ]
        return LastWord(max(heard, default=None), self._tables.refused_at.get(contact))

    async def refuse_free_messages(self, contact: ContactKey, *, at: datetime) -> None:
        self._tables.refused_at[contact] = max(at, self._tables.refused_at.get(contact, at))


def _holds(row: AliasRow, at: datetime) -> bool:
    return row.until is None or row.until > at


def _has_rows(tables: Tables, contact: ContactKey) -> bool:
    return (
        contact in tables.conversations
        or any(row.contact == contact for row in tables.inbox.values())
        or any(row.contact == contact for row in tables.outbox.values())
        or any(key[0] == contact for key in tables.tasks)
    )


def move_contact(tables: Tables, previous: ContactKey, current: ContactKey) -> None:
    """``previous`` owns nothing afterwards. What both have stays as ``current`` has it."""
    winner = _move_conversation(tables, previous, current)
    for row in tables.inbox.values():
        if row.contact == previous:
            row.contact = current
            if isinstance(row.event, InternalMessage):
                row.event = replace(row.event, contact_id=current.contact_id)
    for sent in tables.outbox.values():
        sent.contact = current if sent.contact == previous else sent.contact
    for notice in tables.notices.values():
        if notice.notice.contact == previous:
            notice.notice = replace(notice.notice, contact=current)
    for owner, key in [task for task in tables.tasks if task[0] == previous]:
        task = tables.tasks.pop((owner, key))
        if winner == previous or (current, key) not in tables.tasks:
            tables.tasks[current, key] = task
    if previous in tables.outcomes:
        tables.outcomes.setdefault(current, [])[:0] = tables.outcomes.pop(previous)
    if previous in tables.refused_at:
        refused = tables.refused_at.pop(previous)
        tables.refused_at[current] = max(refused, tables.refused_at.get(current, refused))
    tables.wishes[:] = [(current if subject == previous else subject, entry) for subject, entry in tables.wishes]
    for alias in tables.aliases.values():
        alias.contact_id = current.contact_id if alias.contact_id == previous.contact_id else alias.contact_id


def _move_conversation(tables: Tables, previous: ContactKey, current: ContactKey) -> ContactKey:
    """Which of the two had the conversation that goes on."""
    before = tables.conversations.pop(previous, None)
    if before is None:
        return current
    now, moved_at = tables.conversations.get(current), tables.moved_at.pop(previous)
    wins = now is None or moved_at > tables.moved_at[current]
    later, earlier = (before, now or before) if wins else (now or before, before)
    tables.conversations[current] = _joined(later, earlier, current.contact_id)
    serial = tables.serials.pop(previous, 0)
    if wins:
        tables.moved_at[current] = moved_at
        tables.serials[current] = serial
    return previous if wins else current


def _joined(later: ConversationState, earlier: ConversationState, contact_id: str) -> ConversationState:
    return later.changed(
        contact_id=contact_id,
        data={**earlier.data, **later.data},
        contact={**earlier.contact, **later.contact},
    )
