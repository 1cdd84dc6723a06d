"""``TaskStore``: scheduled work as rows; the truth behind every ``SchedulerPort``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox_store import ContactKey

type NextDue = Callable[[PlannedTask, datetime], datetime | None]
"""(task, now) → the next due time after ``now``, or ``None`` for a task that runs once. The task comes without data."""


@dataclass(frozen=True, slots=True)
class Fired:
    """One batch of due work: how many entered the inbox, how many were too late, whom to wake."""

    fired: int
    missed: int
    contacts: frozenset[ContactKey]


class RunNow(StrEnum):
    """What came of asking for one task by its id."""

    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    ALREADY_DONE = "already_done"


@dataclass(frozen=True, slots=True)
class Asked:
    """``contact`` is whom to wake; ``None`` where nothing was accepted."""

    came_to: RunNow
    contact: ContactKey | None = None


class TaskStore(ABC):
    """Rows go ``scheduled → fired | missed | cancelled``; a recurring row goes back to ``scheduled``."""

    @abstractmethod
    async def next_due(self) -> datetime | None:
        """The earliest due time of all scheduled tasks."""

    @abstractmethod
    async def fire_due(self, *, now: datetime, grace: timedelta, next_due: NextDue, limit: int) -> Fired:
        """Move up to ``limit`` due tasks into the inbox, each with its row marked in the same transaction.

        A task that is later than its own grace (or ``grace``) is recorded as missed and does not run; a timer fires
        however late. The same
        key and due time enters the inbox once.
        """

    @abstractmethod
    async def run_now(self, task_id: str, *, run_at: datetime, at: datetime, command_id: str | None = None) -> Asked:
        """Move one scheduled task into the inbox before its time; a recurring one keeps its next due time besides.

        ``run_at`` tells two runs of a recurring task apart: the same one again enters the inbox once. The
        command that asked, if one did, is ``ACCEPTED`` again after a restart and changes nothing; so it is in
        ``cancel``. Commands stand in a file: a store in memory has none to know again.
        """

    @abstractmethod
    async def cancel(self, task_id: str, *, at: datetime, command_id: str | None = None) -> Asked:
        """Take a task out; ``ACCEPTED`` when it was scheduled."""

    @abstractmethod
    async def replace_standing(
        self, contact: ContactKey, profile: str, tasks: Sequence[PlannedTask], *, at: datetime
    ) -> None:
        """Make exactly these the tasks of ``contact``: the schedules a bundle declares, without a customer.

        A task whose plan is unchanged keeps its due time.
        """
