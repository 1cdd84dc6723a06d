"""``ContactDesk``: what every message and report passes on its way in, before it is anybody's.

A message gets the name under which its author's conversation is kept; two ids that are shown together become one
contact; a word that ends messages is noted before anything else can happen to it. Everything here may be delivered
twice: each step finds its own traces.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self, assert_never

from flow_engine.messages import InternalMessage
from runtime.inbox import Inbox
from runtime.outbox import Outbox
from runtime.outreach import Outreach
from runtime.ports.clock import Clock
from runtime.ports.consent_ledger import ConsentEntry, ConsentLedger, WishSource
from runtime.ports.contact_notes import (
    ContactNote,
    IdentityChanged,
    MessageEdited,
    MessageRevoked,
    StaffWrote,
    WishShown,
)
from runtime.ports.contact_store import ContactStore
from runtime.ports.correction_store import CorrectionStore
from runtime.ports.inbox import AcceptResult, DeliveryStatus, DeliveryVerdict, InboundEnvelope, InboundIntake
from runtime.ports.inbox_store import OPERATOR_RESUMED, STAFF_WROTE, ContactKey, DueTask
from runtime.ports.state_store import StateStorePort
from runtime.wish import WISH, Wish

MOST_MOVED: Final = 1_024
"""Former ids remembered, some 350 bytes each: a turn takes seconds, and in those no thousand customers get another id.
Where a channel begins to show user ids, every customer of a tenant gets one."""

STAFF_ANSWERED = "withheld: somebody of the business was answering"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ContactStores:
    """The facets the desk works on."""

    contacts: ContactStore
    consent: ConsentLedger
    corrections: CorrectionStore

    @classmethod
    def of(cls, store: StateStorePort) -> Self:
        return cls(store.contacts, store.consent, store.corrections)


class ContactDesk(InboundIntake):
    """``outreach`` is asked anew for every message: it belongs to the live release."""

    def __init__(
        self, stores: ContactStores, inbox: Inbox, outbox: Outbox, clock: Clock, outreach: Callable[[], Outreach]
    ) -> None:
        self._stores = stores
        self._inbox = inbox
        self._outbox = outbox
        self._clock = clock
        self._outreach = outreach
        self._now: dict[ContactKey, ContactKey] = {}

    def keys_since(self, contact: ContactKey) -> Sequence[ContactKey]:
        """Under which keys the messages of a turn may stand that began under this one.

        Its customer may have got another id while it was under way, or long ago: the id may be a stranger's by now.
        """
        keys = [contact]
        while (later := self._now.get(keys[-1])) is not None:
            keys.append(later)
        return keys

    async def accept(self, batch: Sequence[InboundEnvelope]) -> AcceptResult:
        if len(batch) != 1:  # what one message links, the next may go by
            named = [await self._named(envelope, *await self._author(envelope)) for envelope in batch]
            return await self._inbox.accept(named)
        (envelope,) = batch
        contact, phone = await self._author(envelope)
        if phone is None or self._wish_of(envelope.message) is not None:
            return await self._inbox.accept([await self._named(envelope, contact, phone)])
        return await self._accept_of_a_new_one(envelope, contact, phone)

    async def _accept_of_a_new_one(self, envelope: InboundEnvelope, contact: ContactKey, phone: str) -> AcceptResult:
        """Link and message are handed to the store before either is waited for: one commit, and not two."""
        loop = asyncio.get_running_loop()
        linking = asyncio.Task(self._link(contact, phone, self._clock.now()), loop=loop, eager_start=True)
        try:
            return await self._inbox.accept([_under(contact, envelope)], meanwhile=linking)
        finally:
            if not linking.done():
                await asyncio.wait((linking,))
            linking.exception()  # told by now, or the message was not accepted for the same reason

    async def keep_raw(self, channel_id: str, body: bytes, reason: str) -> None:
        await self._inbox.keep_raw(channel_id, body, reason)

    async def record_statuses(self, batch: Sequence[DeliveryStatus]) -> None:
        await self._inbox.record_statuses(batch)
        for status in batch:
            if status.verdict is not None:
                await self._heed(status, status.verdict)

    async def note(self, batch: Sequence[ContactNote]) -> None:
        for each in batch:
            await self._take_note(each)

    async def _named(self, envelope: InboundEnvelope, contact: ContactKey, phone: str | None) -> InboundEnvelope:
        """As it is stored: under the one id of ``contact``, who has ``phone`` as well from now on."""
        if phone is not None:
            await self._link(contact, phone, self._clock.now())
        message = await self._with_wish(envelope.message, contact)
        return _under(contact, envelope if message is envelope.message else replace(envelope, message=message))

    async def _author(self, envelope: InboundEnvelope) -> tuple[ContactKey, str | None]:
        """Who wrote it, and a phone number that is not yet known to be hers."""
        message, now = envelope.message, self._clock.now()
        contact = await self._contact(envelope.channel_id, message.contact_id, now)
        phone = message.contact_phone
        if phone is None or phone == contact.contact_id:
            return contact, None
        known = await self._contact(envelope.channel_id, phone, now)
        return contact, None if known == contact else phone

    def _wish_of(self, message: InternalMessage) -> Wish | None:
        return self._outreach().words.meaning_of(message)

    async def _with_wish(self, message: InternalMessage, contact: ContactKey) -> InternalMessage:
        """Note a word that ends messages or undoes that; marked, it is confirmed and nothing else is made of it."""
        wish = self._wish_of(message)
        if wish is None or (wish is Wish.IN and await self._stores.consent.wish_of(contact) is not Wish.OUT):
            return message
        source = WishSource.WORD if message.payload is None else WishSource.BUTTON
        await self._stores.consent.enter(contact, ConsentEntry(wish, source, message.id, message.sent_at))
        return replace(message, content={**message.content, WISH: wish.value})

    async def _contact(self, channel_id: str, some_id: str, now: datetime) -> ContactKey:
        return ContactKey(channel_id, await self._stores.contacts.known_as(channel_id, some_id, at=now))

    async def _link(self, contact: ContactKey, alias: str, now: datetime) -> None:
        if await self._stores.contacts.link(contact, alias, at=now):
            log.info("a contact is known under a further id; what was kept under it has moved")
            self._moved(ContactKey(contact.channel_id, alias), contact)

    def _moved(self, previous: ContactKey, current: ContactKey) -> None:
        self._now.pop(previous, None)  # set anew, it comes last
        self._now[previous] = current
        self._now.pop(current, None)
        if len(self._now) > MOST_MOVED:
            del self._now[next(iter(self._now))]  # the one that came longest ago
        self._inbox.lines.take_over(previous, current)
        self._outbox.lines.take_over(previous, current)

    async def _take_note(self, note: ContactNote) -> None:
        match note:
            case IdentityChanged():
                await self._rename(note)
            case StaffWrote():
                await self._make_way(note)
            case WishShown(channel_id, contact_id, wish, proof, at):
                contact = await self._contact(channel_id, contact_id, self._clock.now())
                await self._stores.consent.enter(contact, ConsentEntry(wish, WishSource.CHANNEL, proof, at))
            case MessageEdited(channel_id, original_id, message):
                await self._stores.corrections.edit(channel_id, original_id, message)
            case MessageRevoked(channel_id, original_id):
                await self._stores.corrections.revoke(channel_id, original_id, at=self._clock.now())
            case _:
                assert_never(note)

    async def _rename(self, note: IdentityChanged) -> None:
        now = self._clock.now()
        contact = await self._contact(note.channel_id, note.previous, now)
        current = ContactKey(note.channel_id, note.current)
        if contact != current:
            await self._stores.contacts.rename(contact, note.current, at=now)
            log.info("a contact has a new id; its conversation has moved")
            self._moved(contact, current)
        if note.phone is not None and note.phone != note.current:
            await self._link(current, note.phone, now)

    async def _make_way(self, note: StaffWrote) -> None:
        """Silence, also for what is being answered at this moment; or the bot again, if that is what was written."""
        rule = self._outreach().takeover
        contact = await self._contact(note.channel_id, note.contact_id, self._clock.now())
        if rule.gives_back(note.text):
            await self._inbox.enter(contact, note.profile, DueTask(OPERATOR_RESUMED, note.message_id, note.at))
            return
        task = DueTask(STAFF_WROTE, note.message_id, note.at, {"resume_after_s": rule.resume_after_s})
        if await self._inbox.enter(contact, note.profile, task):
            withheld = await self._stores.corrections.withhold_replies(contact, STAFF_ANSWERED, at=self._clock.now())
            if withheld:
                log.info("%d answers are withheld: somebody of the business was answering", withheld)

    async def _heed(self, status: DeliveryStatus, verdict: DeliveryVerdict) -> None:
        """What a failure says about the customer, not about the message."""
        contact = await self._stores.corrections.addressee_of(status)
        if contact is None:
            return
        match verdict:
            case DeliveryVerdict.WINDOW_CLOSED:
                await self._stores.contacts.refuse_free_messages(contact, at=status.at)
                again = await self._stores.corrections.send_as_template(status, at=self._clock.now())
                self._outbox.wake(() if again is None else (again,))
            case DeliveryVerdict.OPTED_OUT:
                proof = status.provider_message_id
                entry = ConsentEntry(Wish.OUT, WishSource.CHANNEL, proof, status.at)
                await self._stores.consent.enter(contact, entry)
            case _:
                assert_never(verdict)


def _under(contact: ContactKey, envelope: InboundEnvelope) -> InboundEnvelope:
    """The envelope with the id that names its author's conversation."""
    message = envelope.message
    if message.contact_id == contact.contact_id:
        return envelope
    return replace(envelope, message=replace(message, contact_id=contact.contact_id))
