"""``RetentionStore``: forgetting what has been kept long enough, a little at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum


class DataClass(StrEnum):
    """The classes of data that a release gives days to (``flow_engine.bundle.retention``), and our own records."""

    MESSAGES = "messages"
    MEDIA = "media"
    TURNS = "turns"
    INBOX = "inbox"
    DEAD_LETTERS = "dead_letters"
    RECORDS = "records"


class RetentionStore(ABC):
    """Every table has a class, or a reason to stay; a test compares the two lists with the schema."""

    @abstractmethod
    def rules(self, data_class: DataClass) -> Sequence[str]:
        """The names of the class's rules."""

    @abstractmethod
    async def forget_some(self, rule: str, *, before: datetime, limit: int) -> int:
        """Delete up to ``limit`` rows that last changed before this; how many there were."""

    @abstractmethod
    async def forget_copies(self, now: datetime, *, kept: timedelta) -> int:
        """Remove the copies beside the state that are older than ``kept``; how many files there were.

        Those from before a change of the schema have a limit of their own besides.
        """

    @abstractmethod
    async def check(self) -> str | None:
        """Read every page; what is wrong with the file, ``None`` for nothing. Nobody waits meanwhile."""
