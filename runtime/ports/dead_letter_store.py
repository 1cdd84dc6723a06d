"""``DeadLetterStore``: what was given up, given another chance or let go. Ids are those of ``DeadLetter``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime

from runtime.ports.inbox_store import ContactKey


class DeadLetterStore(ABC):
    """A letter that is neither there nor dead any more answers ``None`` or ``False``: the wish is void, not wrong."""

    @abstractmethod
    async def resend(self, letter_id: str, *, at: datetime) -> ContactKey | None:
        """Back into its line as if it were new; whose line that is."""

    @abstractmethod
    async def drop(self, letter_id: str) -> bool:
        """Forget it. An inbound message's id stays known, so that it is not taken for a new one."""
