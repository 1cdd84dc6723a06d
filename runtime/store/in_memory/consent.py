"""Wishes in memory. What is forgotten keeps its subject, as in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runtime.ports.consent_ledger import ConsentEntry, ConsentLedger
from runtime.ports.inbox_store import ContactKey
from runtime.store.in_memory.tables import Tables
from runtime.wish import Wish

FORGOTTEN = "hmac:forgotten"


class InMemoryConsentLedger(ConsentLedger):
    """See ``ConsentLedger``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def enter(self, contact: ContactKey, entry: ConsentEntry) -> bool:
        known = [(each.wish, each.proof) for each in await self.history_of(contact)]
        if (entry.wish, entry.proof) in known:
            return False
        self._tables.wishes.append((contact, entry))
        return True

    async def wish_of(self, contact: ContactKey) -> Wish | None:
        history = await self.history_of(contact)
        return history[-1].wish if history else None

    async def history_of(self, contact: ContactKey) -> Sequence[ConsentEntry]:
        found = [entry for subject, entry in self._tables.wishes if subject == contact]
        return sorted(found, key=lambda entry: entry.at)

    async def forget(self, contact: ContactKey) -> int:
        found = 0
        for index, (subject, entry) in enumerate(self._tables.wishes):
            if subject == contact:
                self._tables.wishes[index] = (subject, replace(entry, proof=f"{FORGOTTEN}:{index}"))
                found += 1
        return found
