"""``ReportReadings``: the present state of things, as a report tells it. Looked up anew for every report."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from runtime.ports.inbox_store import ContactKey


@dataclass(frozen=True, slots=True)
class OpenConversations:
    """How many conversations that moved lately rest in ``state`` and last ran on release ``serial``."""

    state: str
    serial: int
    count: int


@dataclass(frozen=True, slots=True)
class TaskReading:
    """A scheduled task by the id that ``/run-task`` takes."""

    id: str
    task: str
    contact: ContactKey
    due_at: datetime
    state: Literal["scheduled", "missed"]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Something that was given up. ``id`` is ``<kind>:<what>``, as commands name it."""

    id: str
    kind: Literal["inbound", "outbound", "notice"]
    error: str
    at: datetime
    contact: ContactKey


class ReportReadings(ABC):
    """Bounded lookups; each takes a few milliseconds at most, whatever the file's size."""

    @abstractmethod
    async def open_conversations(self, *, since: datetime) -> Sequence[OpenConversations]:
        """Conversations that moved since then, by where they rest."""

    @abstractmethod
    async def scheduled_tasks(self, *, upcoming: int, missed: int) -> Sequence[TaskReading]:
        """The next ones of the flow's tasks (timers are not told), and the last that were missed."""

    @abstractmethod
    async def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        """What was given up and neither resent nor dropped, newest first."""

    @abstractmethod
    async def last_inbound_at(self) -> datetime | None:
        """When a customer's message came in last."""
