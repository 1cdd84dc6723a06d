"""``Bot``: runs one event through the engine, step by step.

Each step is one transaction: new snapshot, outgoing messages, scheduled tasks, and the event's
progress; the last step marks the event done. Calls are performed between two steps, never inside a
transaction. A run that finds a snapshot waiting for a call performs that call again under the same
id: the engine's decision is already on disk, so nothing is decided twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import assert_never
from uuid import uuid4

from connectors.llm.usage import UsageLedgerPort
from flow_engine.conversation_state import ConversationState
from flow_engine.effects import AskLLM, CallConnector
from flow_engine.events import Event
from flow_engine.interpreter import advance, start
from flow_engine.messages import InternalMessage
from flow_engine.position import WaitingFor
from runtime.active_config import ActiveConfig, ActiveConfigHolder
from runtime.conversation.event_of import event_name, event_of
from runtime.conversation.release_choice import Conversation, choose_release
from runtime.conversation.sign_of_work import SignOfWork
from runtime.effects.connector_call import perform_connector_call
from runtime.effects.decided import decided
from runtime.effects.kept_answer import kept_answer
from runtime.effects.llm_question import Asking, perform_llm_question
from runtime.effects.staff_notice import staff_notices
from runtime.ports.clock import Clock
from runtime.ports.conversation_store import ConversationStore, StepCommit, StepRecord
from runtime.ports.inbox_store import ClaimedEvent
from runtime.store_retry import until_stored

MICROSECOND = timedelta(microseconds=1)

SAME_TALK = timedelta(minutes=30)
"""What was written longer ago belongs to another talk, and would only mislead whoever answers."""

EARLIER_TEXTS = 6
"""The most that a provider may be configured to send along; by default it takes two."""

log = logging.getLogger(__name__)


def random_conversation_id() -> str:
    """Not derived from the contact: ids of effects reach providers, and an erased contact starts afresh."""
    return uuid4().hex


class Bot:
    """``committed`` is told of each stored step, so that messages go out and the scheduler looks again."""

    def __init__(
        self,
        conversations: ConversationStore,
        usage: UsageLedgerPort,
        configs: ActiveConfigHolder,
        clock: Clock,
        committed: Callable[[StepCommit], None],
        *,
        sign: SignOfWork | None = None,
        new_conversation_id: Callable[[], str] = random_conversation_id,
    ) -> None:
        self._conversations = conversations
        self._usage = usage
        self._configs = configs
        self._clock = clock
        self._committed = committed
        self._sign = sign
        self._new_conversation_id = new_conversation_id

    async def handle(self, claimed: ClaimedEvent) -> None:
        """Work on one event until it is done.

        Raises:
            ClaimLostError: the event is no longer ours.
        """
        choice = choose_release(self._configs.held, _conversation(claimed), self._clock.now())
        with choice.release.use() as config:
            snapshot = choice.snapshot or self._started(claimed)
            upcoming: Event | None = await self._first_input(claimed, snapshot, config)
            while upcoming is not None:
                snapshot = await self._step(claimed, snapshot, upcoming, config)
                upcoming = await self._answer_to(snapshot, config, claimed)

    def _started(self, claimed: ClaimedEvent) -> ConversationState:
        return start(self._new_conversation_id(), claimed.profile, claimed.contact.contact_id)

    async def _first_input(
        self, claimed: ClaimedEvent, snapshot: ConversationState, config: ActiveConfig
    ) -> Event | None:
        if not claimed.started:
            return event_of(claimed.event, self._clock.now())
        resumed = await self._answer_to(snapshot, config, claimed)
        if resumed is None:
            # Begun, and its call forgotten by a later event: nothing of it is left to do.
            log.warning("event %d has nothing to resume", claimed.claim.seq)
            await self._commit(_closing(claimed, snapshot, config, self._clock))
        return resumed

    async def _step(
        self, claimed: ClaimedEvent, snapshot: ConversationState, event: Event, config: ActiveConfig
    ) -> ConversationState:
        step = advance(config.program, snapshot, event)
        rows = decided(step.effects, at=event.at, timezone=config.timezone)
        await self._commit(
            StepCommit(
                claim=claimed.claim,
                contact=claimed.contact,
                snapshot=step.snapshot,
                at=self._clock.now(),
                done=step.snapshot.waiting is None,
                messages=rows.messages,
                tasks=rows.tasks,
                cancelled_keys=rows.cancelled_keys,
                outcomes=rows.outcomes,
                notices=staff_notices(step.effects, claimed.contact, step.snapshot, config),
                bundle_serial=config.serial,
                record=StepRecord(
                    event_name(claimed.event),
                    snapshot.state,
                    step.trace,
                    self._since(claimed),
                    kept_answer(event, snapshot.waiting),
                ),
            )
        )
        return step.snapshot

    def _since(self, claimed: ClaimedEvent) -> int:
        return round((self._clock.now() - claimed.received_at) / MICROSECOND)

    async def _commit(self, step: StepCommit) -> None:
        await until_stored(lambda: self._conversations.commit_step(step))
        self._committed(step)

    async def _asking(self, claimed: ClaimedEvent) -> Asking:
        """With the customer's own last words: what "and on Saturday?" refers to."""
        earlier = await self._conversations.earlier_texts(
            claimed.contact,
            before=claimed.claim.seq,
            since=claimed.received_at - SAME_TALK,
            limit=EARLIER_TEXTS,
        )
        return Asking(self._usage, self._clock, claimed.contact, earlier)

    async def _answer_to(
        self, snapshot: ConversationState, config: ActiveConfig, claimed: ClaimedEvent
    ) -> Event | None:
        """Perform the call the snapshot waits for; ``None`` when it waits for nothing."""
        waiting = snapshot.waiting
        if waiting is None:
            return None
        if self._sign is None:
            return await self._performed(claimed, snapshot, waiting, config)
        async with self._sign.while_working(claimed):
            return await self._performed(claimed, snapshot, waiting, config)

    async def _performed(
        self, claimed: ClaimedEvent, snapshot: ConversationState, waiting: WaitingFor, config: ActiveConfig
    ) -> Event:
        match waiting.call:
            case CallConnector() as call:
                contact_id = snapshot.contact_id
                return await perform_connector_call(call, config, contact_id=contact_id, clock=self._clock)
            case AskLLM() as ask:
                return await perform_llm_question(ask, config, await self._asking(claimed))
            case _:
                assert_never(waiting.call)


def _conversation(claimed: ClaimedEvent) -> Conversation:
    """Everything by which a release may be chosen; a test contact is known by any of its ids."""
    phones = [
        claimed.event.contact_phone if isinstance(claimed.event, InternalMessage) else None,
        None if claimed.snapshot is None else claimed.snapshot.contact.get("phone"),
    ]
    names = {claimed.contact.contact_id, *(phone for phone in phones if isinstance(phone, str))}
    return Conversation(names, claimed.snapshot, claimed.serial)


def _closing(claimed: ClaimedEvent, snapshot: ConversationState, config: ActiveConfig, clock: Clock) -> StepCommit:
    return StepCommit(
        claim=claimed.claim,
        contact=claimed.contact,
        snapshot=snapshot,
        at=clock.now(),
        done=True,
        bundle_serial=config.serial,
    )
