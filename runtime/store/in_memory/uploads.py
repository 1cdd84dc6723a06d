"""Uploads in memory."""

from __future__ import annotations

from datetime import datetime

from runtime.ports.upload_store import UploadStore
from runtime.store.in_memory.tables import Tables


class InMemoryUploadStore(UploadStore):
    """See ``UploadStore``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def find(self, channel_id: str, digest: str, *, at: datetime) -> str | None:
        media_id, until = self._tables.uploads.get((channel_id, digest), ("", at))
        return media_id if until > at else None

    async def keep(self, channel_id: str, digest: str, media_id: str, *, until: datetime, at: datetime) -> None:
        uploads = self._tables.uploads
        for key in [key for key, (_, good_until) in uploads.items() if good_until <= at]:
            del uploads[key]
        uploads[channel_id, digest] = (media_id, until)
