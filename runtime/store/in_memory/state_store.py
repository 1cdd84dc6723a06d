"""``InMemoryStateStore``: the same promises as the SQLite store, except that nothing outlives the object."""

from __future__ import annotations

from connectors.llm.usage import InMemoryUsageLedger
from connectors.state import ConnectorState, InMemoryAppointmentLedger
from runtime.ports.state_store import StateStorePort, StoreCounts
from runtime.store.in_memory.appointment_news import InMemoryAppointmentNewsStore
from runtime.store.in_memory.audiences import InMemoryAudienceStore
from runtime.store.in_memory.consent import InMemoryConsentLedger
from runtime.store.in_memory.contacts import InMemoryContactStore
from runtime.store.in_memory.conversations import InMemoryConversationStore
from runtime.store.in_memory.corrections import InMemoryCorrectionStore
from runtime.store.in_memory.inbox import OPEN as INBOX_OPEN
from runtime.store.in_memory.inbox import InMemoryInboxStore
from runtime.store.in_memory.media import InMemoryMediaStore
from runtime.store.in_memory.notices import InMemoryNoticeStore
from runtime.store.in_memory.outbox import OPEN as OUTBOX_OPEN
from runtime.store.in_memory.outbox import InMemoryOutboxStore
from runtime.store.in_memory.tables import Tables
from runtime.store.in_memory.tasks import InMemoryTaskStore
from runtime.store.in_memory.uploads import InMemoryUploadStore
from runtime.store.in_memory.values import InMemoryValueStore
from runtime.store.sync_state import ValueSyncState


class InMemoryStateStore(StateStorePort):
    """See ``StateStorePort``. Opening it again after ``close`` finds what was there."""

    def __init__(self) -> None:
        self._tables = Tables()
        self.inbox = InMemoryInboxStore(self._tables)
        self.conversations = InMemoryConversationStore(self._tables)
        self.outbox = InMemoryOutboxStore(self._tables)
        self.tasks = InMemoryTaskStore(self._tables)
        self.audiences = InMemoryAudienceStore(self._tables)
        self.notices = InMemoryNoticeStore(self._tables)
        self.contacts = InMemoryContactStore(self._tables)
        self.consent = InMemoryConsentLedger(self._tables)
        self.corrections = InMemoryCorrectionStore(self._tables)
        self.uploads = InMemoryUploadStore(self._tables)
        self.media = InMemoryMediaStore()
        self.usage = InMemoryUsageLedger()
        self.values = InMemoryValueStore(self._tables)
        self.connectors = ConnectorState(InMemoryAppointmentLedger(), ValueSyncState(self.values))
        self.appointment_news = InMemoryAppointmentNewsStore(self._tables, self.connectors.appointments)

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def counts(self) -> StoreCounts:
        inbox = [row.state for row in self._tables.inbox.values()]
        outbox = [row.state for row in self._tables.outbox.values()]
        tasks = list(self._tables.tasks.values())
        return StoreCounts(
            inbox_open=sum(state in INBOX_OPEN for state in inbox),
            inbox_dead=inbox.count("dead"),
            outbox_open=sum(state in OUTBOX_OPEN for state in outbox),
            outbox_unknown=outbox.count("unknown"),
            outbox_dead=outbox.count("dead"),
            tasks_scheduled=sum(row.state == "scheduled" for row in tasks),
            tasks_missed=sum(row.missed_count for row in tasks),
            raw_kept=len(self._tables.raw),
        )

    @property
    def failure(self) -> str | None:
        return None
