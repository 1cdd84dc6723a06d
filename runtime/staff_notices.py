"""``StaffNotices``: tells the people of the business, apart from the conversation it is about.

A notice is stored with the step that decided it and told afterwards, so a connector that is slow or away
delays no customer, and a crash tells the same notice again under the same idempotency key.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from connectors.errors import ConnectorError, FailureKind, OutcomeUnknownError
from connectors.port import ConnectorCall
from runtime.active_config import ActiveConfigHolder
from runtime.contact_lines import ContactLines
from runtime.effects.staff_notice import NOTIFICATION
from runtime.ports.clock import Clock
from runtime.ports.inbox_store import ContactKey
from runtime.ports.notice_store import NoticeStore, TakenNotice
from runtime.ports.outbox_store import NotBefore
from runtime.store_retry import until_stored

FIRST_PAUSE: Final = timedelta(seconds=30)
"""Doubled with each attempt. The connector's pipeline has repeated for some seconds before."""

MAX_ATTEMPTS: Final = 8
"""About an hour in all: later than that nobody still waits, and the conversation itself shows the hand-off."""

_POINTLESS: Final = frozenset({FailureKind.REJECTED, FailureKind.CONFLICT})
"""What the same request again cannot change. What may have arrived already (``OutcomeUnknownError``) is not repeated
either: the conversation itself shows the hand-off."""

_LINE: Final = ContactKey("staff", "staff")
"""All notices stand in one line: they are few, and their order helps who reads them."""

log = logging.getLogger(__name__)


class StaffNotices:
    """Nothing runs while no notice is pending."""

    def __init__(self, store: NoticeStore, configs: ActiveConfigHolder, clock: Clock) -> None:
        self._store = store
        self._configs = configs
        self._clock = clock
        self._lines = ContactLines("staff notices", self._serve, width=1)

    def start(self) -> None:
        """Begin with those that wait already. There must be a configuration."""
        self._lines.start((_LINE,))

    def wake(self) -> None:
        """Tell that there is a new notice (after the commit)."""
        self._lines.wake((_LINE,))

    def hold(self) -> None:
        """Tell nobody anything until ``release``."""
        self._lines.hold()

    async def release(self) -> None:
        """Tell what waits."""
        self._lines.release((_LINE,))

    async def stop(self, deadline_s: float) -> bool:
        """Finish the call under way. Whether it ended in time."""
        return await self._lines.stop(deadline_s)

    async def _serve(self, _line: ContactKey) -> float | None:
        now = self._clock.now()
        taken = await until_stored(lambda: self._store.take(at=now, again_at=now + FIRST_PAUSE))
        match taken:
            case None:
                return None
            case NotBefore(at):
                return max((at - now).total_seconds(), 0.0)
            case TakenNotice():
                await self._tell(taken)
        return 0

    async def _tell(self, taken: TakenNotice) -> None:
        notice_id = taken.notice.id
        try:
            await self._call(taken)
        except ConnectorError as fault:
            await self._failed(taken, fault)
            return
        await until_stored(lambda: self._store.told(notice_id, at=self._clock.now()))

    async def _call(self, taken: TakenNotice) -> None:
        notice = taken.notice
        with self._configs.use() as config:
            await config.registry.invoke(
                NOTIFICATION,
                ConnectorCall(
                    operation="notify",
                    params={"text": notice.text, "subject": notice.subject},
                    idempotency_key=notice.id,
                    contact_id=notice.contact.contact_id,
                    at=self._clock.now(),
                    timezone=config.timezone,
                    language=config.language,
                ),
            )

    async def _failed(self, taken: TakenNotice, fault: ConnectorError) -> None:
        notice_id, now = taken.notice.id, self._clock.now()
        error = f"{fault.kind.value}: {fault}"
        pointless = fault.kind in _POINTLESS or isinstance(fault, OutcomeUnknownError)
        if pointless or taken.attempt >= MAX_ATTEMPTS:
            log.error("the staff was not told of hand-off %s: %s", notice_id, error)
            await until_stored(lambda: self._store.give_up(notice_id, error, at=now))
            return
        until = now + FIRST_PAUSE * 2 ** (taken.attempt - 1)
        await until_stored(lambda: self._store.put_off(notice_id, error, until=until, at=now))
