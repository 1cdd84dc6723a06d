"""``CalendarSync``: asks the calendar every few minutes what the business did there, and has its customers told.

It is a row of scheduled work like any other, in a line of its own. A calendar that does not answer is asked again the
next time; nobody waits for it. What it finds is noted in the ledger first and told from there, so a crash in between
tells it at the next time, and once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from connectors.errors import ConnectorError
from connectors.operation import Access
from connectors.state import AppointmentChange, AppointmentLedgerPort, ChangeKind
from runtime.active_config import ActiveConfig, ActiveConfigHolder
from runtime.ports.appointment_news import AppointmentNews, AppointmentNewsStore
from runtime.ports.audience_store import AudienceStore
from runtime.ports.clock import Clock
from runtime.ports.conversation_store import SYNC_TASK, PlannedTask
from runtime.ports.inbox_store import ClaimedEvent, ContactKey, DueTask
from runtime.store_retry import until_stored

if TYPE_CHECKING:
    from connectors.calendar.port import CalendarConnector

CALENDAR: Final = "calendar"
"""The connector category that keeps appointments."""

CALENDAR_LINE: Final = ContactKey("standing", "calendar")
"""No channel has this id. A line of its own: a calendar that hangs holds up no schedule of the business."""

EVERY: Final = timedelta(minutes=5)
"""As soon as a person would look again after moving something; 288 questions a day of a quota of thousands."""

AT_ONCE: Final = 50
"""Changes told in one go: a week's worth of moves of a busy salon."""

TASKS: Final = {
    ChangeKind.MOVED: "appointment_moved",
    ChangeKind.CANCELLED: "appointment_cancelled",
    ChangeKind.CONFIRMED: "appointment_confirmed",
}
"""The task of the flow that tells each, with ``data.booking`` as it is now and ``data.before``."""

log = logging.getLogger(__name__)


class CalendarSync:
    """``wake`` is told which contacts have something new in the inbox, ``rows_changed`` that reminders have moved."""

    def __init__(
        self,
        ledger: AppointmentLedgerPort,
        news: AppointmentNewsStore,
        audiences: AudienceStore,
        configs: ActiveConfigHolder,
        clock: Clock,
        wake: Callable[[Iterable[ContactKey]], None],
        rows_changed: Callable[[], None],
    ) -> None:
        self._ledger = ledger
        self._news = news
        self._audiences = audiences
        self._configs = configs
        self._clock = clock
        self._wake = wake
        self._rows_changed = rows_changed

    async def handle(self, claimed: ClaimedEvent) -> bool:
        """Whether the event was the calendar's turn, and is done now. Anything else is somebody else's.

        Raises:
            ClaimLostError: the event is no longer ours.
        """
        run = claimed.event
        if claimed.contact != CALENDAR_LINE or not isinstance(run, DueTask):
            return False
        with self._configs.use() as config:
            calendar = _calendar_of(config)
            if calendar is not None:
                await self._ask(calendar, config)
                await self._tell_all(calendar, config)
        await until_stored(lambda: self._audiences.hand_out(claimed.claim, run, (), at=self._clock.now()))
        return True

    async def _ask(self, calendar: CalendarConnector, config: ActiveConfig) -> None:
        pipeline, now = config.registry.pipeline(CALENDAR), self._clock.now()
        try:
            await pipeline.run("sync", Access.READS, "", lambda: calendar.sync(now))
        except ConnectorError as fault:
            log.warning("the calendar is asked again later: %s", fault)

    async def _tell_all(self, calendar: CalendarConnector, config: ActiveConfig) -> None:
        changes = await until_stored(lambda: self._ledger.untold(AT_ONCE))
        for change in changes:
            await self._tell(_news(change, calendar, config, self._clock.now()))
        if changes:
            self._rows_changed()

    async def _tell(self, news: AppointmentNews) -> None:
        contact = await until_stored(lambda: self._news.tell(news, at=self._clock.now()))
        if contact is not None:
            self._wake((contact,))
        elif news.task is None:
            log.warning("the flow has no task for what became of appointment %s: nobody was told", news.event_id)


def sync_plans(config: ActiveConfig, at: datetime) -> list[PlannedTask]:
    """The row that asks, for a business that has a calendar. It fires however late it is."""
    if _calendar_of(config) is None:
        return []
    return [PlannedTask(SYNC_TASK, SYNC_TASK, at + EVERY, interval_seconds=int(EVERY.total_seconds()))]


def _calendar_of(config: ActiveConfig) -> CalendarConnector | None:
    if CALENDAR not in config.registry.categories:
        return None
    from connectors.calendar.port import CalendarConnector  # noqa: PLC0415 - only tenants with a calendar need it

    connector = config.registry.connector(CALENDAR)
    return connector if isinstance(connector, CalendarConnector) and connector.is_followed else None


def _news(
    change: AppointmentChange, calendar: CalendarConnector, config: ActiveConfig, now: datetime
) -> AppointmentNews:
    name = TASKS[change.kind]
    data = calendar.news(change, config.timezone, config.language)
    booking = data["booking"]
    before, after = change.before.booking, change.row.booking
    return AppointmentNews(
        change_id=change.id,
        contact_id=after.contact_id,
        event_id=after.event_id,
        task=DueTask(name, f"{name}:{change.id}:{after.event_id}", now, data) if name in config.program.tasks else None,
        shift=None if change.kind is ChangeKind.CANCELLED else after.starts_at - before.starts_at,
        booking=booking if isinstance(booking, dict) else {},
    )
