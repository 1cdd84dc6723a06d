"""``Core``: the durable heart of a runtime, assembled. The composition root wires it to channels and the web.

Stopping goes against the stream: clock, intake and turns, sends, connectors, store.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from flow_engine.effects import SendMessage
from runtime.active_config import ActiveConfig, ActiveConfigHolder
from runtime.arrivals import Arrivals
from runtime.contacts import ContactDesk
from runtime.contacts.desk import ContactStores
from runtime.conversation.bot import Bot
from runtime.conversation.calendar_sync import CALENDAR_LINE, CalendarSync, sync_plans
from runtime.conversation.sign_of_work import SignOfWork
from runtime.conversation.standing_audience import StandingAudience
from runtime.effects.staff_notice import NOTIFICATION
from runtime.inbound_rules import InboundRules
from runtime.inbox import RETRY_PAUSE_S, Inbox, Surroundings
from runtime.media import MediaFolder, MediaKeeper
from runtime.outbox import Outbox
from runtime.ports.channel_adapter import ChannelAdapter
from runtime.ports.clock import Clock
from runtime.ports.conversation_store import StepCommit
from runtime.ports.inbox_store import OPERATOR_PAUSED, OPERATOR_RESUMED, ContactKey, DueTask
from runtime.ports.outgoing_messages import OutgoingMessages
from runtime.ports.scheduler import SchedulerPort
from runtime.ports.state_store import StateStorePort, StoreCounts
from runtime.ports.task_store import TaskStore
from runtime.scheduler.apscheduler import APSchedulerAdapter
from runtime.scheduler.task_executor import TaskExecutor
from runtime.send_policy import RECONCILE
from runtime.staff_notices import StaffNotices
from runtime.standing import STANDING, plans
from runtime.stop_deadline import NOTICE_S, TURNS_S, StopDeadline
from runtime.store_probe import StoreProbe
from runtime.store_retry import until_stored
from runtime.suspension import Suspension
from runtime.telemetry.activity import Activity
from runtime.turns import Turns

log = logging.getLogger(__name__)

type SchedulerFactory = Callable[[TaskStore, TaskExecutor], SchedulerPort]


@dataclass(frozen=True, slots=True)
class CoreHealth:
    """``serial`` is ``None`` before the first configuration. ``halted`` maps channel ids to reasons."""

    counts: StoreCounts | None
    halted: Mapping[str, str]
    store_failure: str | None
    serial: int | None
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Core:
    """The parts by name; ``build_core`` makes one."""

    store: StateStorePort
    configs: ActiveConfigHolder
    inbox: Inbox
    desk: ContactDesk
    bot: Bot
    outbox: Outbox
    notices: StaffNotices
    task_executor: TaskExecutor
    scheduler: SchedulerPort
    clock: Clock
    suspension: Suspension
    activity: Activity
    media: MediaKeeper
    store_probe: StoreProbe

    @property
    def outgoing(self) -> OutgoingMessages:
        """What the bot said, for channels that are polled."""
        return self.store.outbox

    async def start(self, config: ActiveConfig | None = None) -> None:
        """Begin to send at once, and to work as soon as there is a configuration. The store must be open."""
        await self.suspension.recall()
        await self.outbox.start()
        if config is not None:
            await self.swap_program(config)

    async def swap_program(self, config: ActiveConfig, adapters: Mapping[str, ChannelAdapter] | None = None) -> None:
        """New turns run on ``config``; turns under way finish on the old one. ``adapters`` replace the channels."""
        first = self.configs.current is None
        self.configs.swap(config, at=self.clock.now())
        if adapters is not None:
            await self.outbox.use_adapters(adapters)
        await self._register_standing(config)
        if first:
            await self.inbox.start()
            self.notices.start()
            self.media.start()
            await self.scheduler.start()
        else:
            self.scheduler.rows_changed()

    async def resume_contact(self, channel_id: str, contact_id: str, *, command_id: str, issued_at: datetime) -> bool:
        """Give a conversation that a person took over back to the bot; durable when it returns.

        It goes through the contact's line, behind what already waits there. The same command again changes
        nothing. ``False``: nobody of this id has written on this channel.

        Raises:
            StoreUnavailableError: nothing was stored; the command may be repeated.
        """
        contact = ContactKey(channel_id, contact_id)
        unpaused = await self.store.inbox.unpause(contact)
        snapshot = await self.store.conversations.load(contact)
        if snapshot is None:
            return unpaused
        await self.inbox.enter(contact, snapshot.channel, DueTask(OPERATOR_RESUMED, command_id, issued_at))
        return True

    async def pause_contact(self, contact: ContactKey, *, command_id: str, issued_at: datetime) -> bool:
        """Give a conversation to a person; like ``resume_contact`` in everything else."""
        snapshot = await self.store.conversations.load(contact)
        if snapshot is None:
            return False
        await self.inbox.enter(contact, snapshot.channel, DueTask(OPERATOR_PAUSED, command_id, issued_at))
        return True

    async def say(self, contact: ContactKey, message: SendMessage) -> None:
        """Put a person's words into the contact's line of messages; the same id again changes nothing.

        Raises:
            StoreUnavailableError: nothing was stored.
        """
        await self.store.outbox.add(contact, message, at=self.clock.now())
        self.outbox.wake((contact,))

    def wake(self, contact: ContactKey) -> None:
        """Tell every line that this contact has something to do again."""
        self.inbox.lines.wake((contact,))
        self.outbox.wake((contact,))
        self.notices.wake()

    async def stop(self, deadline: StopDeadline | None = None) -> None:
        """Finish what is under way within what is left of the deadline, and close everything, the store last."""
        deadline = deadline or StopDeadline()
        await self.scheduler.stop()
        await self.media.stop()
        turns_finished = await self.inbox.stop(deadline.left(TURNS_S))
        notices_finished = await self.notices.stop(deadline.left(NOTICE_S))
        sends_finished = await self.outbox.stop(deadline.left())
        if not (turns_finished and notices_finished and sends_finished):
            log.warning("stopped with work under way; the next start resumes it")
        await self.configs.close()
        await self.store.close()

    async def health(self) -> CoreHealth:
        """Never raises; counts are ``None`` while the store cannot be read. One that failed is tried again."""
        await self.store_probe.look()
        config = self.configs.current
        try:
            counts = await self.store.counts()
        except Exception as fault:  # noqa: BLE001 - health is asked precisely when something is broken
            log.warning("the store's counts cannot be read: %s", fault)
            counts = None
        serial = config.serial if config else None
        return CoreHealth(counts, self.outbox.halted, self.store.failure, serial, self.suspension.active)

    async def _register_standing(self, config: ActiveConfig) -> None:
        now = self.clock.now()
        tasks = plans(config.program.standing_schedules, at=now, timezone=config.timezone)
        await until_stored(lambda: self.store.tasks.replace_standing(STANDING, STANDING.channel_id, tasks, at=now))
        sync = sync_plans(config, now)
        await until_stored(
            lambda: self.store.tasks.replace_standing(CALENDAR_LINE, CALENDAR_LINE.channel_id, sync, at=now)
        )


def build_core(
    store: StateStorePort,
    adapters: Mapping[str, ChannelAdapter],
    clock: Clock,
    *,
    scheduler: SchedulerFactory = APSchedulerAdapter,
    run_id: str | None = None,
    reconcile: timedelta = RECONCILE,
    retry_pause_s: float = RETRY_PAUSE_S,
    media_folder: MediaFolder | None = None,
) -> Core:
    """Wire the parts over an open ``store``. ``run_id`` tells this process's claims from a dead one's.

    Without ``media_folder`` the files of customers stay with their channels.
    """
    run_id = run_id or uuid4().hex
    configs = ActiveConfigHolder()
    arrivals = Arrivals()
    outbox = _outbox(store, adapters, clock, run_id, reconcile, configs, arrivals)
    activity = Activity()

    def committed(step: StepCommit) -> None:
        _announce(step, desk.keys_since(step.contact), outbox, notices, activity)
        if step.tasks or step.cancelled_keys:
            clockwork.rows_changed()  # made below: the parts form a ring, and this is where it closes

    notices = StaffNotices(store.notices, configs, clock)
    bot = Bot(store.conversations, store.usage, configs, clock, committed, sign=SignOfWork(outbox.show_working))
    media = MediaKeeper(store.media, store.conversations, media_folder, outbox.fetch_file, clock)
    turns = Turns(bot, media)
    inbox = Inbox(
        store.inbox, turns.handle, outbox.record_statuses, clock, run_id, retry_pause_s=retry_pause_s, arrivals=arrivals
    )
    audience = StandingAudience(store.audiences, configs, clock, inbox.lines.wake)
    task_executor = TaskExecutor(store.tasks, clock, inbox.lines.wake)
    clockwork = scheduler(store.tasks, task_executor)
    calendar_sync = _calendar_sync(store, configs, clock, inbox, clockwork)
    turns.special = (audience.handle, calendar_sync.handle)
    inbox.surroundings = _surroundings(configs, notices, clockwork)
    desk = ContactDesk(ContactStores.of(store), inbox, outbox, clock, lambda: configs.outreach)
    suspension = Suspension(store.values, (clockwork, inbox, outbox, notices))
    probe = StoreProbe(store, clock)
    parts = (bot, outbox, notices, task_executor, clockwork, clock, suspension, activity, media, probe)
    return Core(store, configs, inbox, desk, *parts)


def _outbox(
    store: StateStorePort,
    adapters: Mapping[str, ChannelAdapter],
    clock: Clock,
    run_id: str,
    reconcile: timedelta,
    configs: ActiveConfigHolder,
    arrivals: Arrivals,
) -> Outbox:
    outbox = Outbox(
        store.outbox, adapters, clock, run_id, reconcile=reconcile, limits=lambda: configs.limits, arrivals=arrivals
    )
    outbox.wish_of = store.consent.wish_of
    return outbox


def _announce(
    step: StepCommit, keys: Iterable[ContactKey], outbox: Outbox, notices: StaffNotices, activity: Activity
) -> None:
    if step.messages:
        outbox.wake(keys)
    if step.notices:
        notices.wake()
    activity.note(step)


def _calendar_sync(
    store: StateStorePort, configs: ActiveConfigHolder, clock: Clock, inbox: Inbox, clockwork: SchedulerPort
) -> CalendarSync:
    return CalendarSync(
        store.connectors.appointments,
        store.appointment_news,
        store.audiences,
        configs,
        clock,
        wake=inbox.lines.wake,
        rows_changed=clockwork.rows_changed,
    )


def _surroundings(configs: ActiveConfigHolder, notices: StaffNotices, clockwork: SchedulerPort) -> Surroundings:
    return Surroundings(
        limits=lambda: configs.limits.inbound,
        judge_of=lambda contact: _judge_of(contact, configs.current),
        rows_planned=clockwork.rows_changed,
        staff_alerted=notices.wake,
    )


def _judge_of(contact: ContactKey, config: ActiveConfig | None) -> InboundRules | None:
    if config is None:
        return None
    rules = InboundRules(
        config.limits.inbound,
        contact.channel_id,
        contact.contact_id,
        config.language,
        alerts=NOTIFICATION in config.registry.categories,
    )
    return rules if rules.judges else None
