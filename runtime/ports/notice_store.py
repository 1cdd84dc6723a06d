"""``NoticeStore``: what the people of the business are to be told, until their connector has taken it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from runtime.ports.inbox_store import ContactKey
from runtime.ports.outbox_store import NotBefore


@dataclass(frozen=True, slots=True)
class StaffNotice:
    """Tell the staff once. ``id`` is the effect's and the idempotency key of the call."""

    id: str
    contact: ContactKey
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class TakenNotice:
    """A notice whose attempt is counted on disk; ``attempt`` is 1 for the first."""

    notice: StaffNotice
    attempt: int


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """How far a notice has come."""

    id: str
    state: Literal["pending", "told", "dead"]
    attempts: int
    error: str | None


class NoticeStore(ABC):
    """Rows go ``pending → told | dead``. They are written with the step that decided them."""

    @abstractmethod
    async def take(self, *, at: datetime, again_at: datetime) -> TakenNotice | NotBefore | None:
        """The notice that waits longest, its attempt counted; ``None`` when none is pending.

        ``again_at`` is when it is taken again if this attempt is never settled.
        """

    @abstractmethod
    async def told(self, notice_id: str, *, at: datetime) -> None:
        """The connector took it."""

    @abstractmethod
    async def put_off(self, notice_id: str, error: str, *, until: datetime, at: datetime) -> None:
        """It failed and is taken again at ``until``."""

    @abstractmethod
    async def give_up(self, notice_id: str, error: str, *, at: datetime) -> None:
        """Kept, visible, with its reason."""

    @abstractmethod
    async def records(self, contact: ContactKey) -> Sequence[NoticeRecord]:
        """The contact's notices, oldest first."""
