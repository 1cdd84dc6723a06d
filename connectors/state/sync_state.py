"""``SyncStatePort``: how far the copy of something outside has come, by name."""

from __future__ import annotations

from abc import ABC, abstractmethod


class SyncStatePort(ABC):
    """Implementations pass one contract suite."""

    @abstractmethod
    async def get(self, name: str) -> str | None:
        """The provider's token; ``None`` before the first copy."""

    @abstractmethod
    async def set(self, name: str, token: str | None) -> None:
        """Remember the token; ``None`` forgets it."""
