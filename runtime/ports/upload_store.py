"""``UploadStore``: files that a channel holds already, by what is in them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime


class UploadStore(ABC):
    """``digest`` names a content; the channel's id of it is good until a time."""

    @abstractmethod
    async def find(self, channel_id: str, digest: str, *, at: datetime) -> str | None:
        """The channel's id of this content, while it is good."""

    @abstractmethod
    async def keep(self, channel_id: str, digest: str, media_id: str, *, until: datetime, at: datetime) -> None:
        """Remember an upload, and forget those that are no longer good at ``at``."""
