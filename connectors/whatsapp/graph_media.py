"""A file that a customer sent, as Meta describes it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from connectors.whatsapp.error_table import MEDIA
from connectors.whatsapp.errors import ERROR_TYPES
from connectors.whatsapp.graph_call import JSON


@dataclass(frozen=True, slots=True)
class InboundFile:
    """``url`` is good for five minutes and needs the token. ``sha256`` (hex) and ``size`` are Meta's word, if given."""

    url: str
    mime_type: str
    sha256: str | None = None
    size: int | None = None

    def check(self, content: bytes) -> None:
        """Raises ``GraphError`` where it is not the file that was announced."""
        if self.size is not None and len(content) != self.size:
            raise ERROR_TYPES[MEDIA.action](MEDIA, cause=f"{len(content)} bytes instead of {self.size}")
        if self.sha256 is not None and not hmac.compare_digest(hashlib.sha256(content).hexdigest(), self.sha256):
            raise ERROR_TYPES[MEDIA.action](MEDIA, cause="its hash is another")


def file_of(document: JSON) -> InboundFile:
    """What the answer of the media edge says. Raises ``GraphError`` where it names no address."""
    fields = document if isinstance(document, dict) else {}
    url, mime_type = fields.get("url"), fields.get("mime_type")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")) or not isinstance(mime_type, str):
        raise ERROR_TYPES[MEDIA.action](MEDIA, cause="no address of the file")
    sha256, size = fields.get("sha256"), fields.get("file_size")
    return InboundFile(
        url,
        mime_type.partition(";")[0].strip().lower(),
        sha256.lower() if isinstance(sha256, str) and sha256 else None,
        _size(size),
    )


def _size(value: JSON) -> int | None:
    """A number, or its digits as text: both are sent."""
    if isinstance(value, str) and value.isdecimal():
        return int(value[:20])
    return value if isinstance(value, int) and not isinstance(value, bool) else None
