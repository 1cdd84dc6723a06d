"""``SQLiteStateStore``: one tenant's state in one file, one writer, several narrow facets."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Final

from connectors.state import ConnectorState
from runtime.clock import SystemClock
from runtime.errors import StoreDamagedError, StoreUnavailableError
from runtime.ports.clock import Clock
from runtime.ports.state_store import StateStorePort, StoreCounts
from runtime.store.sqlite.appointment_news import SQLiteAppointmentNewsStore
from runtime.store.sqlite.appointments import SQLiteAppointmentLedger
from runtime.store.sqlite.audiences import SQLiteAudienceStore
from runtime.store.sqlite.commands import SQLiteCommandStore
from runtime.store.sqlite.connection import lock_file, open_reader, open_writer
from runtime.store.sqlite.consent import SQLiteConsentLedger
from runtime.store.sqlite.contact_data import SQLiteContactData
from runtime.store.sqlite.contact_directory import SQLiteContactDirectory
from runtime.store.sqlite.contacts import SQLiteContactStore
from runtime.store.sqlite.conversations import SQLiteConversationStore
from runtime.store.sqlite.corrections import SQLiteCorrectionStore
from runtime.store.sqlite.dead_letters import SQLiteDeadLetterStore
from runtime.store.sqlite.inbox import SQLiteInboxStore
from runtime.store.sqlite.known_ids import KnownIds
from runtime.store.sqlite.media import SQLiteMediaStore
from runtime.store.sqlite.migration_copy import keep_copy
from runtime.store.sqlite.notices import SQLiteNoticeStore
from runtime.store.sqlite.outbox import SQLiteOutboxStore
from runtime.store.sqlite.page_check import check_pages
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.readings import SQLiteReportReadings
from runtime.store.sqlite.retention import SQLiteRetentionStore
from runtime.store.sqlite.schema import is_behind, migrate, version_of
from runtime.store.sqlite.stored_conversations import SQLiteStoredConversations
from runtime.store.sqlite.tasks import SQLiteTaskStore
from runtime.store.sqlite.telemetry import SQLiteTelemetryStore
from runtime.store.sqlite.uploads import SQLiteUploadStore
from runtime.store.sqlite.usage import SQLiteUsageLedger
from runtime.store.sqlite.values import SQLiteValueStore
from runtime.store.sqlite.writer import Writer
from runtime.store.sync_state import ValueSyncState

STATE_FILE: Final = "state.sqlite3"
"""Its name in a tenant's folder."""

TENANT_KEY: Final = "tenant.id"

CHECKED_AT_BOOT_BYTES: Final = 64 * 1024 * 1024
"""Read in 0.1 s; a bigger file is checked by the daily housekeeping, so that no restart waits for its disk."""

log = logging.getLogger(__name__)

_COUNTS = """
    SELECT (SELECT count(*) FROM inbox INDEXED BY inbox_open WHERE state IN ('pending', 'claimed')),
           (SELECT count(*) FROM inbox WHERE state = 'dead'),
           (SELECT count(*) FROM outbox INDEXED BY outbox_open WHERE state IN ('pending', 'sending', 'unknown')),
           (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending', 'unknown') AND state = 'unknown'),
           (SELECT count(*) FROM outbox WHERE state = 'dead'),
           (SELECT count(*) FROM scheduled_task WHERE state = 'scheduled'),
           (SELECT coalesce(sum(missed_count), 0) FROM scheduled_task WHERE missed_count > 0),
           (SELECT count(*) FROM raw_inbound)
"""


class SQLiteStateStore(StateStorePort):
    """See ``StateStorePort``. The folder must exist; the file is created on first use."""

    def __init__(self, path: Path, clock: Clock | None = None, *, tenant: str | None = None) -> None:
        self.path = path
        self._tenant = tenant
        self._clock = clock or SystemClock()
        self._known = KnownIds()
        self._lock: int | None = None
        self._writer: Writer | None = None
        self._reader: Reader | None = None

    async def open(self) -> None:
        if self._lock is not None:
            return
        try:
            self._lock = lock_file(self.path)
            # The migration may take long on a big file; the loop stays free for health checks.
            connection = await asyncio.to_thread(_prepared, self.path, self._tenant, self._clock.now(), self._known)
            self._reader = Reader(open_reader(self.path))
        except (OSError, sqlite3.Error) as fault:
            await self.close()
            if isinstance(fault, sqlite3.DatabaseError) and not isinstance(fault, sqlite3.OperationalError):
                raise StoreDamagedError(f"{self.path} is damaged: {fault}") from fault
            raise StoreUnavailableError(f"{self.path} cannot be opened: {fault}") from fault
        except Exception:
            await self.close()
            raise
        self._writer = Writer(connection, self._reader.rest)
        facets = (self._writer, self._reader)
        self.inbox = SQLiteInboxStore(*facets)
        self.conversations = SQLiteConversationStore(*facets)
        self.outbox = SQLiteOutboxStore(*facets)
        self.tasks = SQLiteTaskStore(*facets)
        self.audiences = SQLiteAudienceStore(*facets)
        self.notices = SQLiteNoticeStore(*facets)
        self.contacts = SQLiteContactStore(*facets, self._known)
        self.consent = SQLiteConsentLedger(*facets)
        self.corrections = SQLiteCorrectionStore(*facets)
        self.uploads = SQLiteUploadStore(*facets)
        self.media = SQLiteMediaStore(*facets)
        self.usage = SQLiteUsageLedger(*facets)
        self.values = SQLiteValueStore(*facets)
        self.connectors = ConnectorState(SQLiteAppointmentLedger(*facets), ValueSyncState(self.values))
        self.appointment_news = SQLiteAppointmentNewsStore(self._writer)
        self._open_for_operators(*facets)

    def _open_for_operators(self, writer: Writer, reader: Reader) -> None:
        """What a store in memory has no use for: reports, commands, copies, the life of data."""
        self.telemetry = SQLiteTelemetryStore(writer, reader)
        self.commands = SQLiteCommandStore(writer, reader)
        self.readings = SQLiteReportReadings(reader)
        self.directory = SQLiteContactDirectory(writer, reader)
        self.contact_data = SQLiteContactData(self.path, writer, self._clock, self._known)
        self.stored_conversations = SQLiteStoredConversations(self.path)
        self.retention = SQLiteRetentionStore(self.path, writer)
        self.dead_letters = SQLiteDeadLetterStore(writer)

    async def close(self) -> None:
        # The reader first: the last connection to close removes the log, and a reading one cannot.
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        if self._writer is not None:
            await self._writer.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def counts(self) -> StoreCounts:
        if self._reader is None:
            raise StoreUnavailableError("the store is closed")
        found = self._reader.row(_COUNTS)
        return StoreCounts(*(found or (0,) * 8))

    @property
    def failure(self) -> str | None:
        return self._writer.failure if self._writer is not None else "the store is not open"


def _prepared(path: Path, tenant: str | None, at: datetime, known: KnownIds) -> sqlite3.Connection:
    connection = open_writer(path)
    try:
        if path.stat().st_size <= CHECKED_AT_BOOT_BYTES:
            check_pages(connection)
            connection.execute("PRAGMA shrink_memory").fetchall()  # the pages were read to be looked at once
        version = version_of(connection)
        if version and is_behind(version):
            copy = keep_copy(connection, path, version, at)
            log.info(
                "the state has schema version %d and is brought up to date; as it was, it lies in %s", version, copy
            )
        migrate(connection)
        known.aliases.read(connection)
        if tenant is not None:
            _belong_to(connection, tenant)
    except Exception:
        connection.close()
        raise
    return connection


def _belong_to(connection: sqlite3.Connection, tenant: str) -> None:
    """A new file takes the name; one that bears another is refused, whatever folder it lies in."""
    name = tenant.encode()
    connection.execute("INSERT OR IGNORE INTO runtime_state (key, value) VALUES (?, ?)", (TENANT_KEY, name))
    (owner,) = connection.execute("SELECT value FROM runtime_state WHERE key = ?", (TENANT_KEY,)).fetchone()
    if bytes(owner) != name:
        raise StoreDamagedError(f"the state file belongs to tenant {bytes(owner).decode(errors='replace')!r}")
