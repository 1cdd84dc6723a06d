"""``GraphClient``: one phone number's way to the Graph API.

Belongs here: what is asked of which edge, and what its answer means. Not here: retries (the outbox decides from
``GraphError.action``), the form of messages (the channel builds them), and how a call is made (``graph_call``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import httpx2

from connectors.whatsapp.error_table import AMBIGUOUS, MEDIA
from connectors.whatsapp.errors import ERROR_TYPES
from connectors.whatsapp.graph_call import JSON, TOTAL_TIMEOUT_S, GraphCall
from connectors.whatsapp.graph_media import InboundFile, file_of
from connectors.whatsapp.kept_lines import KeptLines

DEFAULT_BASE_URL: Final = "https://graph.facebook.com"
DEFAULT_VERSION: Final = "v25.0"  # released 2026-02-18, supported until 2028-07-29 (Graph API changelog)

VERSION_SHAPE: Final = re.compile(r"v\d{1,3}\.\d{1,2}")
ID_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+")
DOWNLOAD_TIMEOUT_S: Final = 120.0  # 100 MB, the most that a document may have, over 10 Mbit/s


class GraphClient:
    """Sends messages from one phone number. Safe to share between tasks. Takes over ``http`` and closes it."""

    def __init__(
        self,
        http: httpx2.AsyncClient,
        base_url: str,
        version: str,
        phone_number_id: str,
        access_token: str,
        *,
        total_timeout_s: float = TOTAL_TIMEOUT_S,
    ) -> None:
        """Raise ``ValueError`` for a version or a phone number id that would change the URL's path."""
        if not VERSION_SHAPE.fullmatch(version):
            raise ValueError(f"Graph version {version!r} does not look like {DEFAULT_VERSION!r}")
        if not ID_SHAPE.fullmatch(phone_number_id):
            raise ValueError("phone_number_id may hold letters, digits, '-' and '_' only")
        self._http = http
        self._call = GraphCall(http, access_token, total_timeout_s)
        self._root_url = f"{base_url.rstrip('/')}/{version}"
        self._number_url = f"{self._root_url}/{phone_number_id}"
        self._lines = KeptLines(base_url)
        self._messages = f"{urlsplit(self._number_url).path}/messages"

    async def send(self, message: Mapping[str, JSON]) -> str:
        """Send one message and return WhatsApp's id of it (``wamid…``).

        Accepted is not delivered; delivery is told later by status webhooks. Graph has no idempotency key,
        so after an ``AmbiguousSendError`` only a status that echoes ``biz_opaque_callback_data`` is proof.
        Raises ``GraphError``.
        """
        answer = await self._call.post_json(self._lines, self._messages, message)
        match answer.document:
            case {"messages": [{"id": str(message_id)}, *_]} if message_id:
                return message_id
            case _:
                cause = "accepted without a message id"
                raise ERROR_TYPES[AMBIGUOUS.action](AMBIGUOUS, cause=cause, http_status=answer.http_status)

    async def show_typing(self, message_id: str) -> None:
        """Mark this message and those before it as read, and show that an answer is being written (25 s at most).

        Raises ``GraphError``.
        """
        shown: dict[str, JSON] = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
        await self._call.post_json(self._lines, self._messages, shown | {"typing_indicator": {"type": "text"}})

    async def look(self) -> None:
        """Ask for the number itself: passes when the token is good for it. Changes nothing. Raises ``GraphError``."""
        await self._call.get_json(f"{self._number_url}?fields=id")

    async def upload(self, content: bytes, mime_type: str, filename: str) -> str:
        """Hand a file over and return its media id, which is good for 30 days. Raises ``GraphError``."""
        answer = await self._call.post_file(f"{self._number_url}/media", content, mime_type, filename)
        match answer.document:
            case {"id": str(media_id)} if ID_SHAPE.fullmatch(media_id):
                return media_id
            case _:
                raise ERROR_TYPES[MEDIA.action](MEDIA, cause="no media id", http_status=answer.http_status)

    async def find_file(self, media_id: str) -> InboundFile:
        """Where a customer's file can be had (for five minutes), and what Meta says of it. Raises ``GraphError``."""
        if not ID_SHAPE.fullmatch(media_id):
            raise ERROR_TYPES[MEDIA.action](MEDIA, cause="the media id is none")
        answer = await self._call.get_json(f"{self._root_url}/{media_id}")
        return file_of(answer.document)

    async def download(self, file: InboundFile, most_bytes: int) -> bytes:
        """The content, which is of the size and the hash that were announced. Raises ``GraphError``."""
        content = await self._call.get_bytes(file.url, most_bytes, DOWNLOAD_TIMEOUT_S)
        file.check(content)
        return content

    async def close(self) -> None:
        """Close the connections. Nothing can be sent afterwards."""
        self._lines.close()
        await self._http.aclose()
