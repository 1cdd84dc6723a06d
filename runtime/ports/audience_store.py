"""``AudienceStore``: handing a standing schedule's tasks out to the lines of the contacts they are for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from runtime.ports.inbox_store import Claim, ContactKey, DueTask


@dataclass(frozen=True, slots=True)
class ContactTask:
    """A task for a contact whose id is known and whose channel is not."""

    contact_id: str
    task: DueTask


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Who has something new in the inbox, and the ids that no channel knows, in the order of the tasks."""

    reached: frozenset[ContactKey]
    unreached: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unreached:
    """A contact that the run of ``schedule_id`` due at ``due_at`` (aware, UTC) could not write to."""

    schedule_id: str
    due_at: datetime
    contact_id: str


class AudienceStore(ABC):
    """One run of a schedule is handed out in one transaction, so a crash leaves all of it or nothing."""

    @abstractmethod
    async def hand_out(self, claim: Claim, run: DueTask, tasks: Sequence[ContactTask], *, at: datetime) -> HandedOut:
        """Put each task into the line of its contact, on the channel the conversation moved on last; end ``claim``.

        ``run`` is the claimed event: its key is the schedule's id. A contact no channel knows is recorded as
        unreached, once per run. A task whose key and due time the inbox knows is not put in again.

        Raises:
            ClaimLostError: the event is not claimed by ``claim``; nothing was stored.
        """

    @abstractmethod
    async def unreached(self, schedule_id: str) -> Sequence[Unreached]:
        """Whom the schedule's runs did not reach, oldest first."""
