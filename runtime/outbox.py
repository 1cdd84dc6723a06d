"""``Outbox``: brings what was decided to the channels, in order per contact, each message once.

sending: COMMIT → request → answer → sent: COMMIT. A message whose answer we never saw is ``unknown``:
a delivery report with our id settles it; without one it is sent again after a wait.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from random import random
from typing import assert_never

from runtime.arrivals import Arrivals
from runtime.contact_lines import ContactLines
from runtime.errors import SendAction, SendError
from runtime.leased import Leased
from runtime.limits import UNPACED, RuntimeLimits, SendPace
from runtime.pacer import Pacer
from runtime.ports.channel_adapter import ChannelAdapter, ReceivedFile
from runtime.ports.clock import Clock
from runtime.ports.inbox import DeliveryStatus
from runtime.ports.inbox_store import ContactKey
from runtime.ports.outbox_store import Dead, NotBefore, OutboxStore, PutBack, Retry, SendOutcome, Sent, TakenMessage
from runtime.send_policy import RECONCILE, outcome_of
from runtime.standing import STANDING
from runtime.store_retry import until_stored
from runtime.wish import Wish

WIDTH = 32
"""Sends under way at once: Meta takes 80 messages a second per number at some 100 ms each, with room."""

FIRST_PROBE_S = 60.0
LONGEST_PROBE_S = 900.0
"""A stopped channel is asked after a minute, then after twice as long each time up to 15 minutes, whether it works
again: most repairs take minutes, and an account that is closed for good costs four questions an hour."""

NO_WAIT = timedelta(0)

UNWANTED = "withheld: this customer asked for no messages that answer nothing"

type WishOf = Callable[[ContactKey], Awaitable[Wish | None]]


async def _no_wish(_contact: ContactKey) -> Wish | None:
    return None


log = logging.getLogger(__name__)


class Outbox:
    """``adapters`` by channel id; rows of a channel without an adapter wait.

    ``wish_of`` is asked before a message that answers nothing. ``first_probe_s`` is how long a stopped channel rests
    before it is asked whether it works again.
    """

    def __init__(
        self,
        store: OutboxStore,
        adapters: Mapping[str, ChannelAdapter],
        clock: Clock,
        run_id: str,
        *,
        jitter: Callable[[], float] = random,
        reconcile: timedelta = RECONCILE,
        limits: Callable[[], RuntimeLimits] = RuntimeLimits,
        arrivals: Arrivals | None = None,
    ) -> None:
        self._store = store
        self._adapters = {key: Leased(adapter, adapter.close) for key, adapter in adapters.items()}
        self._clock = clock
        self._run_id = run_id
        self._jitter = jitter
        self._reconcile = reconcile
        self._limits = limits
        self.first_probe_s = FIRST_PROBE_S
        self.wish_of: WishOf = _no_wish
        self._pacer = Pacer(self._pace_of)
        self._halted: dict[str, str] = {}
        self._probes: dict[str, asyncio.TimerHandle] = {}
        self._rested: dict[str, float] = {}
        self._retiring: set[asyncio.Task[None]] = set()
        self._started = False
        self.lines = ContactLines("outbox", self._serve, width=WIDTH, arrivals=arrivals)

    @property
    def channels(self) -> frozenset[str]:
        """The ids of the channels that are configured now."""
        return frozenset(self._adapters)

    @property
    def halted(self) -> Mapping[str, str]:
        """Channels that are stopped, with the reason."""
        return dict(self._halted)

    async def start(self) -> None:
        """Mark what a dead run left half sent, and begin to send."""
        resend_at = self._clock.now() + self._reconcile
        unknown = await until_stored(lambda: self._store.recover(self._run_id, resend_at=resend_at))
        if unknown:
            log.warning("%d sends were under way when the last run ended; waiting for their delivery reports", unknown)
        self._started = True
        self.lines.start(await until_stored(self._store.contacts_waiting))

    def wake(self, contacts: Iterable[ContactKey]) -> None:
        """Tell that these contacts have new messages (after the commit)."""
        self.lines.wake(contacts)

    async def record_statuses(self, batch: Sequence[DeliveryStatus]) -> None:
        """Store delivery reports and let lines go on that waited for one.

        Raises:
            StoreUnavailableError: nothing was stored.
        """
        self.lines.wake(await self._store.record_statuses(batch, at=self._clock.now()))

    async def show_working(self, contact: ContactKey, message_id: str) -> None:
        """Show on the customer's screen that ``message_id`` is being worked on, where the channel can. Never raises."""
        leased = self._adapters.get(contact.channel_id)
        if leased is None or contact.channel_id in self._halted:
            return
        try:
            with leased.use() as adapter:
                await adapter.show_working(contact.contact_id, message_id)
        except SendError as error:
            log.debug("no sign of work on channel %s: %s", contact.channel_id, error.detail)

    async def fetch_file(self, channel_id: str, media_id: str, most_bytes: int) -> ReceivedFile:
        """A customer's file from its channel. Raises ``SendError``."""
        leased = self._adapters.get(channel_id)
        if leased is None:
            raise SendError(SendAction.RETRY, "the channel was taken out of the configuration")
        with leased.use() as adapter:
            return await adapter.fetch_file(media_id, most_bytes)

    async def use_adapters(self, adapters: Mapping[str, ChannelAdapter]) -> None:
        """Send through these from now on. Replaced ones are closed after their last send; stopped channels resume."""
        replaced = [leased for key, leased in self._adapters.items() if adapters.get(key) is not leased.value]
        kept = {key: leased for key, leased in self._adapters.items() if leased not in replaced}
        self._adapters = {
            key: kept[key] if key in kept else Leased(adapter, adapter.close) for key, adapter in adapters.items()
        }
        for leased in replaced:
            task = asyncio.get_running_loop().create_task(leased.retire())
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)
        self._halted.clear()
        for probe in self._probes.values():
            probe.cancel()
        if self._started:
            self.lines.wake(await until_stored(self._store.contacts_waiting))

    def hold(self) -> None:
        """Send nothing more until ``release``."""
        self.lines.hold()

    async def release(self) -> None:
        """Send what waits."""
        self.lines.release(await until_stored(self._store.contacts_waiting))

    async def stop(self, deadline_s: float) -> bool:
        """Finish sends under way, then close the channels. Whether all were finished in time."""
        for probe in self._probes.values():
            probe.cancel()
        in_time = await self.lines.stop(deadline_s)
        await asyncio.gather(*(leased.retire() for leased in self._adapters.values()), *self._retiring)
        return in_time

    async def _serve(self, contact: ContactKey) -> float | None:
        channel_id = contact.channel_id
        if channel_id in self._halted or (channel_id not in self._adapters and contact != STANDING):
            return None  # woken again when the channel resumes or is configured
        wait = await self._wait_for_slot(contact)
        now = self._clock.now()
        until = now + wait
        taken = await until_stored(
            lambda: self._store.take(contact, self._run_id, at=now, resend_at=now + self._reconcile, paced_until=until)
        )
        match taken:
            case None:
                self._pacer.give_back(contact)
                return None
            case NotBefore(at):
                if at != until:  # the message rests by itself
                    self._pacer.give_back(contact)
                return max((at - now).total_seconds(), 0.0)
            case TakenMessage():
                self._pacer.used(contact)
                outcome = await self._send(taken)
                more = await until_stored(lambda: self._store.settle(taken.message.id, outcome, at=self._clock.now()))
                return 0 if more else None
            case _:
                assert_never(taken)

    def _pace_of(self, channel_id: str) -> SendPace:
        leased = self._adapters.get(channel_id)
        return UNPACED if leased is None else self._limits().paced(leased.value.pace)

    async def _wait_for_slot(self, contact: ContactKey) -> timedelta:
        """How long until the contact's next message may leave, which is then booked."""
        if self._pace_of(contact.channel_id) == UNPACED:
            return NO_WAIT
        last, now = self._pacer.wants_history(contact), self._clock.monotonic()
        if last:
            tried = await until_stored(lambda: self._store.attempts_of(contact, last))
            today = self._clock.now()
            self._pacer.recall(contact, [now - max((today - moment).total_seconds(), 0.0) for moment in tried])
        return timedelta(seconds=max(self._pacer.book(contact, now) - now, 0.0))

    async def _send(self, taken: TakenMessage) -> SendOutcome:
        if taken.contact == STANDING:
            return Dead("a standing schedule has no customer to write to; call a connector instead")
        if taken.initiated and await self.wish_of(taken.contact) is Wish.OUT:
            return Dead(UNWANTED)
        leased = self._adapters.get(taken.contact.channel_id)
        if leased is None:
            return PutBack("the channel was taken out of the configuration")
        try:
            with leased.use() as adapter:
                receipt = await adapter.send(taken.message)
        except SendError as error:
            return self._failed(taken, error)
        except Exception as fault:
            log.exception("channel %s failed in a way it never announced", taken.contact.channel_id)
            unannounced = SendError(SendAction.AMBIGUOUS, f"{type(fault).__name__} in the channel adapter")
            return self._failed(taken, unannounced)
        self._rested.pop(taken.contact.channel_id, None)
        return Sent(receipt.provider_message_id)

    def _failed(self, taken: TakenMessage, error: SendError) -> SendOutcome:
        outcome = outcome_of(error, taken, now=self._clock.now(), jitter=self._jitter, reconcile=self._reconcile)
        if error.action is SendAction.STOP_CHANNEL:
            self._halt(taken.contact.channel_id, error.detail)
        if error.account_wide and isinstance(outcome, Retry):
            pause_s = (outcome.at - self._clock.now()).total_seconds()
            self._pacer.hold(taken.contact.channel_id, self._clock.monotonic() + pause_s)
        if isinstance(outcome, Dead):
            log.error("message %s is given up: %s", taken.message.id, outcome.error)
        return outcome

    def _halt(self, channel_id: str, reason: str) -> None:
        if channel_id in self._halted:
            return
        log.error("channel %s is stopped: %s", channel_id, reason)
        self._halted[channel_id] = reason
        # One that stops again without having sent anything was asked too soon.
        before_s = self._rested.get(channel_id, 0.0)
        self._probe_after(channel_id, min(max(self.first_probe_s, before_s * 2), LONGEST_PROBE_S))

    def _probe_after(self, channel_id: str, pause_s: float) -> None:
        loop = asyncio.get_running_loop()
        self._probes[channel_id] = loop.call_later(pause_s, self._begin_probe, channel_id, pause_s)

    def _begin_probe(self, channel_id: str, pause_s: float) -> None:
        task = asyncio.get_running_loop().create_task(self._probe(channel_id, pause_s))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    async def _probe(self, channel_id: str, pause_s: float) -> None:
        """Ask whether the channel works again. Its messages go on then; else the next question comes later."""
        leased = self._adapters.get(channel_id)
        if leased is None or channel_id not in self._halted:
            return
        self._rested[channel_id] = pause_s
        try:
            with leased.use() as adapter:
                await adapter.probe()
        except SendError as error:
            log.info("channel %s is still stopped: %s", channel_id, error.detail)
            self._probe_after(channel_id, min(pause_s * 2, LONGEST_PROBE_S))
            return
        except Exception:
            log.exception("channel %s could not be asked", channel_id)
            self._probe_after(channel_id, LONGEST_PROBE_S)
            return
        log.warning("channel %s works again", channel_id)
        self._halted.pop(channel_id, None)
        await self._wake_channel(channel_id)

    async def _wake_channel(self, channel_id: str) -> None:
        waiting = await until_stored(self._store.contacts_waiting)
        self.lines.wake(contact for contact in waiting if contact.channel_id == channel_id)
