"""Files: those the business uploaded, and those that customers sent."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

TYPES = {
    "image/jpeg": 5_000_000,
    "image/png": 5_000_000,
    "image/webp": 500_000,
    "audio/ogg": 16_000_000,
    "audio/mpeg": 16_000_000,
    "video/mp4": 16_000_000,
    "application/pdf": 100_000_000,
    "text/plain": 100_000_000,
}


@dataclass(frozen=True, slots=True)
class RoomFile:
    """``announced`` replaces parts of what the media edge tells of an inbound file."""

    content: bytes
    mime_type: str
    announced: dict[str, Any] = field(default_factory=dict)


class MediaRoom:
    """By media id."""

    def __init__(self) -> None:
        self.uploaded: dict[str, RoomFile] = {}
        self.inbound: dict[str, RoomFile] = {}
        self.downloads: list[str] = []
        self.refuse_uploads = False

    def receive(self, content: bytes, mime_type: str, **announced: Any) -> str:
        """A customer sent a file; its media id."""
        media_id = str(secrets.randbelow(10**15))
        self.inbound[media_id] = RoomFile(content, mime_type, announced)
        return media_id

    def upload(self, form: dict[str, Any], content: bytes, mime_type: str) -> str:
        """The new id. Raises ``ValueError`` with what is wrong."""
        if self.refuse_uploads:
            raise ValueError("scripted failure")
        if form.get("messaging_product") != "whatsapp":
            raise ValueError("messaging_product must be 'whatsapp'")
        if form.get("type") != mime_type or mime_type not in TYPES:
            raise ValueError(f"type {form.get('type')!r} for a file of {mime_type!r}")
        if not 0 < len(content) <= TYPES[mime_type]:
            raise ValueError(f"{len(content)} bytes")
        media_id = str(secrets.randbelow(10**15))
        self.uploaded[media_id] = RoomFile(content, mime_type)
        return media_id

    def description_of(self, media_id: str, url: str) -> dict[str, Any] | None:
        """What ``GET /<media id>`` answers."""
        file = self.inbound.get(media_id)
        if file is None:
            return None
        sha256 = hashlib.sha256(file.content).hexdigest()
        described = {"messaging_product": "whatsapp", "url": url, "mime_type": file.mime_type, "sha256": sha256}
        return described | {"file_size": str(len(file.content)), "id": media_id} | file.announced
