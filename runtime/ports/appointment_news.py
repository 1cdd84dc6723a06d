"""``AppointmentNewsStore``: what the business did to an appointment, put before its customer exactly once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flow_engine.vocabulary import JSON
from runtime.ports.inbox_store import ContactKey, DueTask


@dataclass(frozen=True, slots=True)
class AppointmentNews:
    """One change of the ledger.

    ``task`` tells it; ``None`` where the flow has none of the name. The tasks scheduled for the appointment, those with
    ``event_id`` in their key, come ``shift`` later and see ``booking`` in their data; without a ``shift`` they are
    cancelled.
    """

    change_id: int
    contact_id: str
    event_id: str
    task: DueTask | None
    shift: timedelta | None
    booking: Mapping[str, JSON]


class AppointmentNewsStore(ABC):
    """Implementations pass one contract suite."""

    @abstractmethod
    async def tell(self, news: AppointmentNews, *, at: datetime) -> ContactKey | None:
        """In one transaction: the task into the contact's line, what was scheduled moved, the change forgotten.

        The line that has something new: on the channel the conversation moved on last. ``None`` when there is nothing
        to tell, nobody is known on any channel, or the change was told before.
        """
