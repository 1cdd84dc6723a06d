"""``Uploads``: files that the bot sends, brought to WhatsApp once and sent by their id from then on.

Meta fetches a link again for nearly every message, and a slow shop page costs the customer her picture. What cannot be
fetched or uploaded goes out by its address, as without all this.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from connectors.whatsapp import GraphClient, GraphError, limits
from flow_engine.outputs.output import Media, Output, Template
from flow_engine.vocabulary import MediaType
from runtime.channels.whatsapp.template_message import UPLOADED
from runtime.errors import StoreUnavailableError
from runtime.ports.clock import Clock
from runtime.ports.upload_store import UploadStore

UPLOAD_HOLDS: Final = timedelta(days=29)
"""Meta keeps an upload for 30 days."""

FETCHED_AGAIN_AFTER: Final = timedelta(hours=1)
"""A price list that was replaced under its address reaches customers within the hour."""

MOST_ADDRESSES: Final = 256
"""Remembered in memory; a business sends a handful of files."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """What was found under an address. ``mime_type`` is the server's word, without parameters."""

    content: bytes
    mime_type: str


type Fetch = Callable[[str, int], Awaitable[FetchedFile | None]]
"""(address, most bytes) → the file; ``None`` where it cannot be had, is too big, or the address may not be called."""


class Uploads:
    """For one number: media ids belong to it."""

    def __init__(self, channel_id: str, graph: GraphClient, store: UploadStore, fetch: Fetch, clock: Clock) -> None:
        self._channel_id = channel_id
        self._graph = graph
        self._store = store
        self._fetch = fetch
        self._clock = clock
        self._digests: dict[str, tuple[str, datetime]] = {}

    async def with_ids(self, output: Output) -> Output:
        """``output`` with its file named by an id where possible. Never raises."""
        match output:
            case Media():
                return await self._held(output)
            case Template(media=Media() as media):
                return replace(output, media=await self._held(media))
            case _:
                return output

    async def _held(self, media: Media) -> Media:
        if media.url.startswith(UPLOADED):
            return media
        try:
            media_id = await self._media_id(media)
        except (GraphError, StoreUnavailableError) as failure:
            log.info("a file is sent by its address: %s", type(failure).__name__)
            return media
        return media if media_id is None else replace(media, url=UPLOADED + media_id)

    async def _media_id(self, media: Media) -> str | None:
        now = self._clock.now()
        digest, seen_at = self._digests.get(media.url, ("", now - FETCHED_AGAIN_AFTER))
        if digest and now - seen_at < FETCHED_AGAIN_AFTER:
            known = await self._store.find(self._channel_id, digest, at=now)
            if known is not None:
                return known
        file = await self._fetch(media.url, limits.FILE_BYTES[media.media_type])
        if file is None or not _is_allowed(media.media_type, file.mime_type):
            return None
        digest = hashlib.sha256(file.mime_type.encode() + b"\n" + file.content).hexdigest()
        self._remember(media.url, digest, now)
        known = await self._store.find(self._channel_id, digest, at=now)
        if known is not None:
            return known
        media_id = await self._graph.upload(file.content, file.mime_type, media.filename or "file")
        await self._store.keep(self._channel_id, digest, media_id, until=now + UPLOAD_HOLDS, at=now)
        return media_id

    def _remember(self, url: str, digest: str, now: datetime) -> None:
        self._digests.pop(url, None)
        while len(self._digests) >= MOST_ADDRESSES:
            del self._digests[next(iter(self._digests))]
        self._digests[url] = (digest, now)


def _is_allowed(kind: MediaType, mime_type: str) -> bool:
    """Documents may be anything; of the others WhatsApp takes few types."""
    allowed = limits.FILE_TYPES.get(kind)
    return bool(mime_type) and (allowed is None or mime_type in allowed)
