"""``MediaKeeper``: fetches the files that somebody wants, apart from webhook and turn.

A file is wanted when the flow kept its id (a question asked for a picture), or when a person has the conversation. All
others stay where they are: most stickers are nobody's business, and a channel keeps them for a week.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSON
from runtime.errors import SendAction, SendError, StoreError
from runtime.media.file_type import is_of_type
from runtime.media.folder import MediaFolder
from runtime.ports.channel_adapter import ReceivedFile
from runtime.ports.clock import Clock
from runtime.ports.conversation_store import ConversationStore
from runtime.ports.inbox_store import ClaimedEvent, ContactKey
from runtime.ports.media_store import KeptFile, MediaStore, WantedFile, Wanting

MOST_BYTES: Final = 25_000_000
"""Of one file, which is in memory for a moment. Phones send less; a longer film is for the business's own phone."""

FOLDER_BYTES: Final = 1_000_000_000
"""Of all files of a tenant. Beyond it nothing is fetched until retention has made room."""

ATTEMPTS: Final = 5
FIRST_PAUSE: Final = timedelta(seconds=30)
"""Doubled each time: a file is tried for a quarter of an hour, while the channel has it for a week."""

log = logging.getLogger(__name__)

type Fetch = Callable[[str, str, int], Awaitable[ReceivedFile]]
"""(channel id, media id, most bytes) → the file. Raises ``SendError``."""


class MediaKeeper:
    """``start`` once the store is open. A file that is wanted when the process ends is fetched by the next one.

    Without a ``folder`` no file is ever wanted.
    """

    def __init__(
        self,
        store: MediaStore,
        conversations: ConversationStore,
        folder: MediaFolder | None,
        fetch: Fetch,
        clock: Clock,
        *,
        folder_bytes: int = FOLDER_BYTES,
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._folder = folder
        self._fetch = fetch
        self._clock = clock
        self._folder_bytes = folder_bytes
        self._wake = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin with what is wanted already."""
        if self._work is None and self._folder is not None:
            self._work = asyncio.create_task(self._run(), name="media")

    async def stop(self) -> None:
        """Stop at once; a file half fetched is fetched again."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
            self._work = None

    async def consider(self, claimed: ClaimedEvent) -> None:
        """After a turn: want the file of its message, if the conversation kept it or a person talks now."""
        message = claimed.event
        media_id = message.content.get("media_id") if isinstance(message, InternalMessage) else None
        if not isinstance(message, InternalMessage) or not isinstance(media_id, str) or self._folder is None:
            return
        snapshot = await self._conversations.load(claimed.contact)
        if snapshot is None or not (snapshot.paused or _holds(dict(snapshot.data), media_id)):
            return
        mime_type, sha256 = message.content.get("mime_type"), message.content.get("sha256")
        file = WantedFile(
            claimed.contact,
            media_id,
            message.id,
            mime_type if isinstance(mime_type, str) else "",
            sha256 if isinstance(sha256, str) else "",
        )
        if await self._store.want(file, at=self._clock.now()):
            self._wake.set()

    async def kept(self, contact: ContactKey) -> Sequence[KeptFile]:
        """The files of one contact that lie in the folder, oldest first."""
        return () if self._folder is None else await self._store.kept(contact)

    def read(self, name: str) -> bytes | None:
        """The content of a kept file; ``None`` when it is gone. Blocks."""
        return None if self._folder is None else self._folder.read(name)

    async def sweep(self) -> int:
        """Delete the files that no row speaks of any more (erased, or kept long enough); how many."""
        if self._folder is None:
            return 0
        return await asyncio.to_thread(self._folder.sweep, await self._store.names())

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            pause_s = await self._fetch_all()
            try:
                async with asyncio.timeout(pause_s):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _fetch_all(self) -> float | None:
        """Fetch what can be fetched now; the seconds until the next may be tried, ``None`` when nothing is wanted."""
        try:
            while isinstance(found := await self._store.next_wanted(at=self._clock.now()), Wanting):
                await self._fetch_one(found)
        except (StoreError, OSError) as fault:
            log.warning("files wait: %s", type(fault).__name__)
            return FIRST_PAUSE.total_seconds()
        return None if found is None else max((found - self._clock.now()).total_seconds(), 1.0)

    async def _fetch_one(self, wanting: Wanting) -> None:
        file, now = wanting.file, self._clock.now()
        later = None if wanting.attempts + 1 >= ATTEMPTS else now + FIRST_PAUSE * 2**wanting.attempts
        if await self._store.bytes_kept() > self._folder_bytes:
            await self._store.put_off(file, "the volume has no room for more files", now + timedelta(hours=1))
            return
        try:
            received = await self._fetch(file.contact.channel_id, file.media_id, MOST_BYTES)
            fault = received.fault_of(file.mime_type, file.sha256)
            mime_type = received.mime_type or file.mime_type
            if fault is None and not is_of_type(received.content, mime_type):
                fault = f"it is not what {mime_type} begins with"
        except SendError as error:
            given_up = error.action is SendAction.PARK
            await self._store.put_off(file, error.detail, None if given_up else later)
            return
        if fault is not None:
            log.warning("a file is not kept: %s", fault)
            await self._store.put_off(file, fault, later)
            return
        if self._folder is None:
            return
        name = await asyncio.to_thread(self._folder.write, received.content)
        await self._store.keep(file, name, len(received.content))


def _holds(value: JSON, media_id: str) -> bool:
    """Whether the id stands anywhere in what the conversation knows."""
    match value:
        case dict():
            return any(_holds(item, media_id) for item in value.values())
        case list():
            return any(_holds(item, media_id) for item in value)
        case _:
            return value == media_id
