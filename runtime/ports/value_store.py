"""``ValueStore``: the few facts a runtime keeps about itself (bundle floor, last report, …)."""

from __future__ import annotations

from abc import ABC, abstractmethod


class ValueStore(ABC):
    """Bytes by name. Names are dotted, lower case, and owned by the part that writes them."""

    @abstractmethod
    async def get(self, key: str) -> bytes | None:
        """The last committed value."""

    @abstractmethod
    async def set(self, key: str, value: bytes | None) -> None:
        """Store a value durably; ``None`` forgets the key."""
