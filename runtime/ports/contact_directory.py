"""``ContactDirectory``: whom a command means."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from runtime.ports.inbox_store import ContactKey


class ContactDirectory(ABC):
    """Contacts by id or by the pseudonym that reports used."""

    @abstractmethod
    async def remember_names(self, names: Mapping[ContactKey, str]) -> None:
        """Under which pseudonyms reports speak of these contacts."""

    @abstractmethod
    async def named(self, name: str, channel_id: str | None) -> Sequence[ContactKey]:
        """Who is meant, on one channel or (``None``) on all of them."""
