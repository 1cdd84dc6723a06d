"""What the business did to appointments, told in memory."""

from __future__ import annotations

from datetime import datetime

from connectors.state import AppointmentLedgerPort
from runtime.ports.appointment_news import AppointmentNews, AppointmentNewsStore
from runtime.ports.inbox_store import ContactKey
from runtime.store.appointment_reminders import followed, is_for
from runtime.store.in_memory.audiences import latest
from runtime.store.in_memory.inbox import enter
from runtime.store.in_memory.tables import Tables

_ALL = 1_000_000


class InMemoryAppointmentNewsStore(AppointmentNewsStore):
    """See ``AppointmentNewsStore``."""

    def __init__(self, tables: Tables, ledger: AppointmentLedgerPort) -> None:
        self._tables = tables
        self._ledger = ledger

    async def tell(self, news: AppointmentNews, *, at: datetime) -> ContactKey | None:
        if news.change_id not in {change.id for change in await self._ledger.untold(_ALL)}:
            return None
        await self._ledger.told(news.change_id)
        for (contact, key), row in self._tables.tasks.items():
            if contact.contact_id == news.contact_id and row.state == "scheduled" and is_for(key, news.event_id):
                task = followed(row.task, news, at)
                row.state, row.task = ("cancelled", row.task) if task is None else ("scheduled", task)
        found = latest(self._tables, news.contact_id)
        if found is None or news.task is None:
            return None
        profile = self._tables.conversations[found].channel
        return found if enter(self._tables, found, profile, news.task, at) else None
