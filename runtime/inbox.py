"""``Inbox``: takes events in durably and has each worked on exactly once, in order per contact.

accept → COMMIT → (200) → claim: COMMIT of attempt + 1 → the bot's steps → done with the last one.
An attempt is on disk before any work starts, so an event that kills the process is parked in the end
instead of killing it for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from runtime.arrivals import Arrivals
from runtime.burst import BurstWindow
from runtime.contact_lines import ContactLines
from runtime.errors import AudienceError, ClaimLostError, StoreUnavailableError
from runtime.limits import InboundLimits
from runtime.ports.clock import Clock
from runtime.ports.inbox import AcceptResult, DeliveryStatus, InboundEnvelope, MessageIntake
from runtime.ports.inbox_store import ClaimedEvent, ContactKey, DueTask, InboxStore, RefusedEvent
from runtime.ports.inbox_traffic import Judge
from runtime.store_retry import until_stored
from runtime.suspects import Suspects
from runtime.telemetry.turn_context import working_on

WIDTH = 64
"""Turns under way at once: most of them wait for a connector, and each holds a few kilobytes."""

RETRY_PAUSE_S = 1.0
"""Times the attempt number: a short trouble passes, the customer still waits."""

NOBODY_WAITS = 60
"""Times the pause where no customer waits for the answer: a calendar's outage of three minutes is sat out."""

ERROR_CHARS = 500
"""Of an error's text kept with a dead letter."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an inbox asks the live configuration, and whom it tells. The plain one has no limits and tells nobody."""

    limits: Callable[[], InboundLimits] = InboundLimits
    judge_of: Callable[[ContactKey], Judge | None] = lambda _: None
    rows_planned: Callable[[], None] = lambda: None
    staff_alerted: Callable[[], None] = lambda: None


class Inbox(MessageIntake):
    """``handle`` works on one claimed event and returns when it is done or raises if it got nowhere."""

    def __init__(
        self,
        store: InboxStore,
        handle: Callable[[ClaimedEvent], Awaitable[None]],
        record_statuses: Callable[[Sequence[DeliveryStatus]], Awaitable[None]],
        clock: Clock,
        run_id: str,
        *,
        retry_pause_s: float = RETRY_PAUSE_S,
        arrivals: Arrivals | None = None,
    ) -> None:
        self._store = store
        self._handle = handle
        self._record_statuses = record_statuses
        self._clock = clock
        self._run_id = run_id
        self._retry_pause_s = retry_pause_s
        self.surroundings = Surroundings()
        self._accepting = True
        self._suspects = Suspects(())
        self._arrivals = arrivals or Arrivals()
        self.lines = ContactLines("inbox", self._serve, width=WIDTH, arrivals=self._arrivals)

    async def accept(
        self, batch: Sequence[InboundEnvelope], *, meanwhile: Awaitable[None] | None = None
    ) -> AcceptResult:
        """``meanwhile`` was begun before, and is through when the first of the batch is worked on."""
        self._refuse_when_stopping()
        limits, now = self.surroundings.limits(), self._clock.now()
        window = BurstWindow(timedelta(seconds=limits.burst_window_s)) if limits.burst_window_s else None
        marked = [_marked(envelope, now, limits) for envelope in batch]
        with self._arrivals:
            accepted = await self._store.accept(marked, now, burst=window)
            try:
                if meanwhile is not None:
                    await meanwhile
            finally:
                self.lines.wake(accepted.contacts)
        if window is not None:
            self.surroundings.rows_planned()
        return AcceptResult(accepted.stored, accepted.duplicates)

    async def enter(self, contact: ContactKey, profile: str, task: DueTask) -> bool:
        """Put an event of our own making into the contact's line; whether its key and due time are new to it."""
        self._refuse_when_stopping()
        entered = await self._store.enter(contact, profile, task, self._clock.now())
        self.lines.wake((contact,))
        return entered

    async def keep_raw(self, channel_id: str, body: bytes, reason: str) -> None:
        self._refuse_when_stopping()
        await self._store.keep_raw(channel_id, body, reason, self._clock.now())

    async def record_statuses(self, batch: Sequence[DeliveryStatus]) -> None:
        self._refuse_when_stopping()
        await self._record_statuses(batch)

    async def start(self) -> None:
        """Release what an earlier run had claimed, and begin to work."""
        released = await until_stored(lambda: self._store.release_claims_of_dead_runs(self._run_id))
        if released:
            log.warning("%d events were under way when the last run ended; they are resumed", released)
        await self._find_suspects()
        self.lines.start(await until_stored(self._store.contacts_waiting))

    def hold(self) -> None:
        """Take events in and work on none until ``release``."""
        self.lines.hold()

    async def release(self) -> None:
        """Work on what waits. Whose last attempt it is may have another id by now, or be erased."""
        await self._find_suspects()
        self.lines.release(await until_stored(self._store.contacts_waiting))

    async def stop(self, deadline_s: float) -> bool:
        """Refuse new events, finish those under way. Whether all were finished in time."""
        self._accepting = False
        return await self.lines.stop(deadline_s)

    async def _find_suspects(self) -> None:
        tried = max(self._max_attempts - 1, 1)  # what was never tried has killed nobody
        self._suspects = Suspects(await until_stored(lambda: self._store.contacts_tried(tried)))

    @property
    def _max_attempts(self) -> int:
        return max(self.surroundings.limits().max_attempts, 1)

    def _refuse_when_stopping(self) -> None:
        if not self._accepting:
            raise StoreUnavailableError("the runtime is stopping")

    async def _serve(self, contact: ContactKey) -> float | None:
        if self._suspects.must_wait(contact):
            return None  # woken when it is its turn
        again_after_s = await self._serve_next(contact)
        turn_of = self._suspects.cleared(contact)
        if turn_of is not None:
            self.lines.wake((turn_of,))
        return again_after_s

    async def _serve_next(self, contact: ContactKey) -> float | None:
        claimed = await until_stored(
            lambda: self._store.claim(
                contact,
                self._run_id,
                max_attempts=self._max_attempts,
                at=self._clock.now(),
                judge=self.surroundings.judge_of(contact),
            )
        )
        if claimed is None:
            return None
        if isinstance(claimed, RefusedEvent):
            log.warning("event %d is parked unanswered: %s", claimed.seq, claimed.reason)
            if claimed.alerted:
                self.surroundings.staff_alerted()
            return 0
        with working_on(str(claimed.claim.seq)):
            return await self._work_on(claimed)

    async def _work_on(self, claimed: ClaimedEvent) -> float | None:
        try:
            await self._handle(claimed)
        except ClaimLostError:
            # A commit whose answer was lost had happened after all.
            log.warning("event %d had been finished before", claimed.claim.seq)
        except Exception as fault:
            log.exception("event %d failed, attempt %d", claimed.claim.seq, claimed.attempts)
            return await self._give_back(claimed, fault)
        return 0 if claimed.more else None

    async def _give_back(self, claimed: ClaimedEvent, fault: Exception) -> float:
        error = f"{type(fault).__name__}: {fault}"[:ERROR_CHARS]
        parked = await until_stored(
            lambda: self._store.fail(claimed.claim, error, max_attempts=self._max_attempts, at=self._clock.now())
        )
        if parked:
            log.error("event %d is parked after %d attempts", claimed.claim.seq, claimed.attempts)
            return 0
        patience = NOBODY_WAITS if isinstance(fault, AudienceError) else 1
        return self._retry_pause_s * patience * claimed.attempts


def _marked(envelope: InboundEnvelope, now: datetime, limits: InboundLimits) -> InboundEnvelope:
    """Flag what was delivered long after it was sent: a provider repeats for days what was not acknowledged."""
    message = envelope.message
    if not limits.late_after_s or (now - message.sent_at).total_seconds() <= limits.late_after_s:
        return envelope
    return replace(envelope, message=replace(message, late=True))
