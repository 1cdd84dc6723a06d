"""What the bot says as server-sent events (HTML standard, section 9.2): each message once, in order, resumable.

An event's id is the message's cursor; whoever comes back with it (``Last-Event-ID``) reads on from there. The outbox's
rows are the truth and the bell only a hint, so nothing is lost between two looks.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from runtime.channels.outgoing_view import view
from runtime.channels.web_chat.adapter import WebChatAdapter
from runtime.channels.web_chat.limits import KEEP_ALIVE_S, MOST_STREAMS, MOST_STREAMS_PER_VISITOR, RECONNECT_MS
from runtime.errors import StoreUnavailableError
from runtime.ports.outgoing_messages import OutgoingMessage, OutgoingMessages
from runtime.web.waiting import first_of

_BEGIN: Final = f"retry: {RECONNECT_MS}\n\n".encode()
_WORKING: Final = b"event: working\ndata: {}\n\n"
_STILL_HERE: Final = b": still here\n\n"


class TooManyStreamsError(Exception):
    """As many as this runtime carries are open."""


@dataclass(slots=True)
class Streams:
    """The open streams of all visitors. A visitor's oldest ends where one more would be too many."""

    adapter: WebChatAdapter
    outgoing: OutgoingMessages
    stopping: asyncio.Event
    keep_alive_s: float = KEEP_ALIVE_S
    _open: dict[str, list[asyncio.Event]] = field(default_factory=dict)

    def open(self, contact_id: str, *, after: int) -> AsyncIterator[bytes]:
        """The events with a cursor above ``after``, for as long as anybody reads them.

        Raises:
            TooManyStreamsError: nothing was opened.
        """
        if sum(map(len, self._open.values())) >= MOST_STREAMS:
            raise TooManyStreamsError
        return self._read(contact_id, after)

    async def _read(self, contact_id: str, after: int) -> AsyncIterator[bytes]:
        # Counted from the first byte on: who hangs up before it never gets here and must leave nothing behind.
        ended = self._remember(contact_id)
        bell = self.adapter.hang_bell(contact_id)
        try:
            yield _BEGIN
            while not (self.stopping.is_set() or self.adapter.closed or ended.is_set()):
                if bell.calm():
                    yield _WORKING
                messages = await self.outgoing.list(self.adapter.channel_id, contact_id, after)
                for message in messages:
                    yield event(message)
                    after = message.cursor
                if messages:
                    continue
                await first_of(bell.rung, self.stopping, ended, within_s=self.keep_alive_s)
                if not bell.rung.is_set():
                    yield _STILL_HERE
        except StoreUnavailableError:
            return  # the widget comes back and asks for the same messages
        finally:
            self.adapter.take_bell_down(contact_id, bell)
            self._forget(contact_id, ended)

    def _remember(self, contact_id: str) -> asyncio.Event:
        mine = self._open.setdefault(contact_id, [])
        if len(mine) >= MOST_STREAMS_PER_VISITOR:
            mine.pop(0).set()
        ended = asyncio.Event()
        mine.append(ended)
        return ended

    def _forget(self, contact_id: str, ended: asyncio.Event) -> None:
        mine = self._open.get(contact_id, [])
        if ended in mine:
            mine.remove(ended)
        if not mine:
            self._open.pop(contact_id, None)


def event(message: OutgoingMessage) -> bytes:
    """One message as an event. JSON has no line breaks of its own, so the data is one line."""
    shown = view(message)
    shown.pop("contact_id")
    return f"id: {message.cursor}\ndata: {json.dumps(shown, ensure_ascii=False)}\n\n".encode()
