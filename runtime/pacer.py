"""``Pacer``: when a contact's next message may leave, given how fast its channel may send.

A generic cell rate algorithm twice over: once for the channel's account, once for the pair of account and contact.
A slot is booked before the message is taken, so a thousand contacts that wait are called up one after the other
instead of all at once. Times are seconds on the monotonic clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from runtime.limits import SendPace
from runtime.ports.inbox_store import ContactKey

MANY_PAIRS = 10_000
"""Pairs remembered before those that may send freely again are forgotten: about a megabyte."""


@dataclass(frozen=True, slots=True)
class _Booking:
    slot: float
    pair_free_at: float


class Pacer:
    """``pace_of`` tells a channel's pace, asked anew each time: a release may change it."""

    def __init__(self, pace_of: Callable[[str], SendPace]) -> None:
        self._pace_of = pace_of
        self._channels: dict[str, float] = {}
        self._pairs: dict[ContactKey, float] = {}
        self._booked: dict[ContactKey, _Booking] = {}

    def wants_history(self, contact: ContactKey) -> int:
        """How many of the contact's last sends must be told to ``recall`` before ``book``; 0 for none."""
        pace = self._pace_of(contact.channel_id)
        return pace.pair_burst if pace.pair_interval_s and contact not in self._pairs else 0

    def recall(self, contact: ContactKey, sent_at: Iterable[float]) -> None:
        """Take up what a pair sent before it was forgotten, or by an earlier process."""
        interval_s = self._pace_of(contact.channel_id).pair_interval_s
        free_at = 0.0
        for moment in sorted(sent_at):
            free_at = max(free_at, moment) + interval_s
        self._pairs[contact] = free_at

    def book(self, contact: ContactKey, now: float) -> float:
        """The moment from which the contact's next message may leave; the same until it is used or given back."""
        booked = self._booked.get(contact)
        if booked is not None:
            return booked.slot
        pace = self._pace_of(contact.channel_id)
        slot = max(now, self._channels.get(contact.channel_id, now))
        free_at = self._pairs.get(contact, now)
        if pace.pair_interval_s:
            slot = max(slot, free_at - (max(pace.pair_burst, 1) - 1) * pace.pair_interval_s)
            self._pairs[contact] = max(free_at, slot) + pace.pair_interval_s
            self._forget(now)
        if pace.messages_per_s:
            self._channels[contact.channel_id] = slot + 1 / pace.messages_per_s
        self._booked[contact] = _Booking(slot, free_at)
        return slot

    def used(self, contact: ContactKey) -> None:
        """The message left; the next one needs its own slot."""
        self._booked.pop(contact, None)

    def give_back(self, contact: ContactKey) -> None:
        """There was nothing to send. Slots that others booked meanwhile stay where they are."""
        booked = self._booked.pop(contact, None)
        if booked is None:
            return
        if contact in self._pairs:
            self._pairs[contact] = booked.pair_free_at
        rate = self._pace_of(contact.channel_id).messages_per_s
        if rate and self._channels.get(contact.channel_id) == booked.slot + 1 / rate:
            self._channels[contact.channel_id] = booked.slot  # nobody has booked behind it

    def hold(self, channel_id: str, until: float) -> None:
        """Book nothing on this channel before ``until``: the provider finds the whole account too fast."""
        self._channels[channel_id] = max(self._channels.get(channel_id, until), until)

    def _forget(self, now: float) -> None:
        if len(self._pairs) > MANY_PAIRS:
            self._pairs = {contact: free_at for contact, free_at in self._pairs.items() if free_at > now}
