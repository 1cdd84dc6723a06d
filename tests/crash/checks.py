"""What must hold after a kill, and what must hold once everything has come to rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.crash.broken import Broken, Promise
from tests.crash.counterparts import AcceptedSend
from tests.crash.reader import InboxRow, StateFile
from tests.crash.reminders import reminder_of, reminders
from tests.crash.repetitions import Kills, unexcused
from tests.crash.tenant import MAX_ATTEMPTS
from tests.crash.traffic import Written

MAX_UNKNOWNS = 3
"""A reply that was being sent at so many kills is given up, and rightly so: the customer may have it three times."""


def after_a_kill(file: StateFile, posted: Mapping[str, Written], acknowledged: frozenset[str]) -> Iterator[Broken]:
    """Every promise that this file, as the crash left it, breaks already."""
    if file.integrity != "ok":
        yield Broken(Promise.UNDAMAGED, f"the file is damaged: {file.integrity}")
    stored = {row.message_id for row in file.messages}
    for message_id in acknowledged - stored:
        yield Broken(Promise.STORED, f"{message_id} was acknowledged and is not stored")
    for message_id in stored - posted.keys():
        yield Broken(Promise.STORED_ONCE, f"{message_id} is stored and nobody wrote it")
    for row in file.inbox:
        if row.state == "claimed" and not row.attempts and not row.steps:
            yield Broken(Promise.COUNTED, f"{row.message_id} was worked on and no attempt is counted")


@dataclass(frozen=True, slots=True)
class AtRest:
    """All there is to compare once nothing is under way. ``delivered`` holds message ids in order of delivery."""

    file: StateFile
    posted: Mapping[str, Written]
    delivered: Sequence[str]
    sent: Sequence[AcceptedSend]
    booked: Mapping[str, Sequence[str]]
    kills: Kills

    def violations(self) -> Iterator[Broken]:
        yield from after_a_kill(self.file, self.posted, frozenset(self.delivered))
        yield from self._unfinished()
        yield from self._order_of_delivery()
        yield from self._replies()
        yield from self._order_of_sends()
        for repetition in unexcused(self.sent, self.kills, self.file.reported):
            yield Broken(Promise.SENT_ONCE, repetition)
        yield from self._bookings()
        yield from reminders(self.file, self.posted)

    def duplicates(self) -> dict[str, int]:
        """Messages that the Graph API accepted more than once, with how often."""
        return {our_id: times for our_id, times in Counter(sent.our_id for sent in self.sent).items() if times > 1}

    def parked(self) -> list[str]:
        return [row.message_id for row in self.file.inbox if row.state == "dead"]

    def _unfinished(self) -> Iterator[Broken]:
        for row in self.file.inbox:
            if row.state in ("pending", "claimed"):
                yield Broken(Promise.FINISHED, f"{row.message_id} was never finished ({row.state})")
            elif row.state == "dead" and self.kills.worked_on[row.message_id] < MAX_ATTEMPTS:
                caught = self.kills.worked_on[row.message_id]
                why = f"only {caught} kills came while it was worked on: {row.error}"
                yield Broken(Promise.FINISHED, f"{row.message_id} is parked, and {why}")
        for sent in self.file.outbox:
            if sent.state in ("pending", "sending", "unknown"):
                yield Broken(Promise.FINISHED, f"reply {sent.id} never left ({sent.state})")
            elif sent.state == "dead" and self.kills.cut_off_sends(sent.id) < MAX_UNKNOWNS:
                yield Broken(Promise.FINISHED, f"reply {sent.id} was given up without a reason")

    def _order_of_delivery(self) -> Iterator[Broken]:
        """Per contact messages are stored in the order in which they were delivered, whatever was repeated later."""
        delivered: dict[str, list[str]] = defaultdict(list)
        stored: dict[str, list[str]] = defaultdict(list)
        for message_id in self.delivered:
            delivered[self.posted[message_id].phone].append(message_id)
        known = frozenset(self.delivered)
        for row in self.file.messages:
            if row.message_id in known:
                stored[row.phone].append(row.message_id)
        for phone in delivered.keys() | stored.keys():
            if delivered[phone] != stored[phone]:
                difference = _first_difference(delivered[phone], stored[phone])
                yield Broken(Promise.IN_ORDER, f"of {phone} was to be stored {difference}")

    def _replies(self) -> Iterator[Broken]:
        """Per contact exactly what follows from what came in and fell due, in that order."""
        expected: dict[str, list[str]] = defaultdict(list)
        said: dict[str, list[str]] = defaultdict(list)
        for row in self.file.inbox:
            replies = reminder_of(row) if row.is_task else self._replies_to(row)
            expected[row.phone] += replies if row.state == "done" else replies[: row.steps]
        for reply in self.file.outbox:
            said[reply.phone].append(reply.body)
        for phone in expected.keys() | said.keys():
            if expected[phone] != said[phone]:
                same = Counter(expected[phone]) == Counter(said[phone])
                promise = Promise.IN_ORDER if same else Promise.ANSWERED
                yield Broken(promise, f"{phone} was to hear {_first_difference(expected[phone], said[phone])}")

    def _order_of_sends(self) -> Iterator[Broken]:
        """Leaving repetitions aside, messages reach the Graph API in the order in which they were decided."""
        arrived: dict[str, dict[str, None]] = defaultdict(dict)
        decided: dict[str, list[str]] = defaultdict(list)
        for sent in self.sent:
            arrived[sent.to].setdefault(sent.our_id)
        for reply in self.file.outbox:
            if reply.state == "sent" or reply.id in arrived[reply.phone]:
                decided[reply.phone].append(reply.id)
        for phone in arrived.keys() | decided.keys():
            if list(arrived[phone]) != decided[phone]:
                difference = _first_difference(decided[phone], list(arrived[phone]))
                yield Broken(Promise.IN_ORDER, f"{phone} was sent {difference}")

    def _bookings(self) -> Iterator[Broken]:
        wanted = {
            written.books: written.phone
            for row in self._known()
            if row.state == "done" and (written := self.posted[row.message_id]).books is not None
        }
        made = {datetime.fromisoformat(start): list(phones) for start, phones in self.booked.items()}
        parked = {self.posted[row.message_id].books for row in self._known() if row.state == "dead"}
        for start in (wanted.keys() | made.keys()) - parked:
            if made.get(start, []) != [wanted.get(start)]:
                who = f"{wanted.get(start)} was to be booked, and {made.get(start, 'nobody')} was"
                yield Broken(Promise.BOOKED_ONCE, f"at {start} {who}")

    def _replies_to(self, row: InboxRow) -> tuple[str, ...]:
        return self.posted[row.message_id].replies if row.message_id in self.posted else ()

    def _known(self) -> list[InboxRow]:
        return [row for row in self.file.messages if row.message_id in self.posted]


def _first_difference(wanted: Sequence[str], found: Sequence[str]) -> str:
    for index, (one, other) in enumerate(zip(wanted, found, strict=False)):
        if one != other:
            return f"{one!r} as number {index} and not {other!r}"
    return f"{len(wanted)} messages and not {len(found)}"
