"""``StateStorePort``: all durable state of one tenant's runtime, in narrow parts.

A part of the runtime is given the one facet it needs, never the whole. The facets share one file and
one writer, because a step touches several of them in one transaction.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from connectors.llm.usage import UsageLedgerPort
from connectors.state import ConnectorState
from runtime.ports.appointment_news import AppointmentNewsStore
from runtime.ports.audience_store import AudienceStore
from runtime.ports.consent_ledger import ConsentLedger
from runtime.ports.contact_store import ContactStore
from runtime.ports.conversation_store import ConversationStore
from runtime.ports.correction_store import CorrectionStore
from runtime.ports.inbox_store import InboxStore
from runtime.ports.media_store import MediaStore
from runtime.ports.notice_store import NoticeStore
from runtime.ports.outbox_store import OutboxStore
from runtime.ports.task_store import TaskStore
from runtime.ports.upload_store import UploadStore
from runtime.ports.value_store import ValueStore


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """Rows by what they wait for; all of them small numbers in a healthy runtime."""

    inbox_open: int
    inbox_dead: int
    outbox_open: int
    outbox_unknown: int
    outbox_dead: int
    tasks_scheduled: int
    tasks_missed: int
    raw_kept: int


class StateStorePort(ABC):
    """The facets, and the life of the whole. Implementations pass one contract suite."""

    inbox: InboxStore
    conversations: ConversationStore
    outbox: OutboxStore
    tasks: TaskStore
    audiences: AudienceStore
    notices: NoticeStore
    contacts: ContactStore
    consent: ConsentLedger
    corrections: CorrectionStore
    uploads: UploadStore
    media: MediaStore
    usage: UsageLedgerPort
    connectors: ConnectorState
    appointment_news: AppointmentNewsStore
    values: ValueStore

    @abstractmethod
    async def open(self) -> None:
        """Take possession of the store and bring its schema up to date. Safe to call twice.

        Raises:
            StoreInUseError: another process has it.
            StoreTooNewError: written by a newer version.
            StoreUnavailableError: cannot be opened or written now.
        """

    @abstractmethod
    async def close(self) -> None:
        """Finish what is queued, write the checkpoint, let go. Safe to call twice."""

    @abstractmethod
    async def counts(self) -> StoreCounts:
        """For health; cheap at any size."""

    @property
    @abstractmethod
    def failure(self) -> str | None:
        """Why the last write failed, or ``None`` since a write has succeeded again."""
