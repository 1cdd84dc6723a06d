"""``ContactStore``: whom the ids of a channel mean, and until when they may be written to freely.

A customer can have several ids on one channel: a user id and a phone number, the number before and the number now.
One of them names the conversation; the others are its aliases.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from runtime.ports.inbox_store import ContactKey

FORMER_ID_HOLDS: Final = timedelta(days=7)
"""A provider repeats events for a week; after that an id that was given up may belong to a stranger."""


@dataclass(frozen=True, slots=True)
class LastWord:
    """When a customer last wrote, by the channel's clock, and when the channel last said that this is too long ago."""

    heard_at: datetime | None
    refused_at: datetime | None = None


class ContactStore(ABC):
    """Every write is one transaction."""

    @abstractmethod
    async def known_as(self, channel_id: str, some_id: str, *, at: datetime) -> str:
        """The id that names the conversation of ``some_id``: its own, unless it is an alias."""

    @abstractmethod
    async def aliases_of(self, contact: ContactKey, *, at: datetime) -> tuple[str, ...]:
        """Other ids of this contact, the newest first."""

    @abstractmethod
    async def link(self, contact: ContactKey, alias: str, *, at: datetime) -> bool:
        """An event showed both ids. Whether what was kept under ``alias`` was moved to ``contact``.

        An alias that belonged to another contact has passed on to this one; nothing is moved then.
        """

    @abstractmethod
    async def rename(self, contact: ContactKey, now: str, *, at: datetime) -> None:
        """The channel says that the customer has the id ``now`` from here on: everything moves there.

        The former id means the same contact for ``FORMER_ID_HOLDS``. Where both had a conversation, the one that moved
        last goes on, and what only the other knew is added to its data.
        """

    @abstractmethod
    async def last_word(self, contact: ContactKey) -> LastWord:
        """What a send planner needs to know."""

    @abstractmethod
    async def refuse_free_messages(self, contact: ContactKey, *, at: datetime) -> None:
        """The channel said that the customer wrote too long ago, whatever our clock thinks."""
