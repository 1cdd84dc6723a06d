"""``DeadLetterStore``: what was given up, given another chance or let go. Ids are those of ``DeadLetter``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime

from runtime.ports.inbox_store import ContactKey


@dataclass(frozen=True, slots=True)
class Revived:
    """``contact`` is whose line to wake; ``None`` where the same command revived the letter before a restart."""

    contact: ContactKey | None


class DeadLetterStore(ABC):
    """Each command changes its letter once, also where the process ends before the command has.

    A letter that is neither there nor dead any more answers ``None`` or ``False``: the wish is void, not wrong.
    """

    @abstractmethod
    async def resend(self, letter_id: str, *, command_id: str, at: datetime) -> Revived | None:
        """Back into its line; an inbound message is worked on whatever its contact's limits say."""

    @abstractmethod
    async def drop(self, letter_id: str, *, command_id: str) -> bool:
        """Forget it. An inbound message's id stays known, so that it is not taken for a new one."""
