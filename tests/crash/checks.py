"""What must hold after a kill, and what must hold once everything has come to rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.crash.counterparts import AcceptedSend
from tests.crash.reader import InboxRow, StateFile
from tests.crash.tenant import MAX_ATTEMPTS
from tests.crash.traffic import Written

MAX_UNKNOWNS = 3
"""A reply that was being sent at so many kills is given up, and rightly so: the customer may have it three times."""


@dataclass
class Kills:
    """What each kill caught in the middle, by id: the only excuse for a duplicate and for a parked message."""

    worked_on: Counter[str] = field(default_factory=Counter)
    being_sent: Counter[str] = field(default_factory=Counter)

    def note(self, file: StateFile) -> None:
        self.worked_on.update(row.message_id for row in file.inbox if row.state == "claimed")
        self.being_sent.update(row.id for row in file.outbox if row.state == "sending")


def after_a_kill(file: StateFile, posted: Mapping[str, Written], acknowledged: frozenset[str]) -> Iterator[str]:
    """Every promise that this file, as the crash left it, breaks already."""
    if file.integrity != "ok":
        yield f"the file is damaged: {file.integrity}"
    stored = {row.message_id for row in file.inbox}
    yield from (f"{message_id} was acknowledged and is not stored" for message_id in acknowledged - stored)
    yield from (f"{message_id} is stored and nobody wrote it" for message_id in stored - posted.keys())
    for row in file.inbox:
        if row.state == "claimed" and not row.attempts and not row.steps:
            yield f"{row.message_id} was worked on and no attempt is counted"


@dataclass(frozen=True, slots=True)
class AtRest:
    """All there is to compare once nothing is under way."""

    file: StateFile
    posted: Mapping[str, Written]
    acknowledged: frozenset[str]
    sent: Sequence[AcceptedSend]
    booked: Mapping[str, Sequence[str]]
    kills: Kills

    def violations(self) -> Iterator[str]:
        yield from after_a_kill(self.file, self.posted, self.acknowledged)
        yield from self._unfinished()
        yield from self._replies()
        yield from self._order_of_sends()
        yield from (
            f"{message_id} was sent {times} times, {self.kills.being_sent[message_id]} kills came in between"
            for message_id, times in self.duplicates().items()
            if times - 1 > self.kills.being_sent[message_id]
        )
        yield from self._bookings()

    def duplicates(self) -> dict[str, int]:
        """Messages that the Graph API accepted more than once, with how often."""
        return {our_id: times for our_id, times in Counter(sent.our_id for sent in self.sent).items() if times > 1}

    def parked(self) -> list[str]:
        return [row.message_id for row in self.file.inbox if row.state == "dead"]

    def _unfinished(self) -> Iterator[str]:
        for row in self.file.inbox:
            if row.state in ("pending", "claimed"):
                yield f"{row.message_id} was never finished ({row.state})"
            elif row.state == "dead" and self.kills.worked_on[row.message_id] < MAX_ATTEMPTS:
                caught = self.kills.worked_on[row.message_id]
                yield f"{row.message_id} is parked, and only {caught} kills came while it was worked on: {row.error}"
        for sent in self.file.outbox:
            if sent.state in ("pending", "sending", "unknown"):
                yield f"reply {sent.id} never left ({sent.state})"
            elif sent.state == "dead" and self.kills.being_sent[sent.id] < MAX_UNKNOWNS:
                yield f"reply {sent.id} was given up without a reason"

    def _replies(self) -> Iterator[str]:
        """Per contact exactly what follows from what came in, in that order."""
        expected: dict[str, list[str]] = defaultdict(list)
        said: dict[str, list[str]] = defaultdict(list)
        for row in self._known():
            replies = self.posted[row.message_id].replies
            expected[row.phone] += replies if row.state == "done" else replies[: row.steps]
        for reply in self.file.outbox:
            said[reply.phone].append(reply.body)
        for phone in expected.keys() | said.keys():
            if expected[phone] != said[phone]:
                yield f"{phone} was to hear {_first_difference(expected[phone], said[phone])}"

    def _order_of_sends(self) -> Iterator[str]:
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
                yield f"{phone} was sent {_first_difference(decided[phone], list(arrived[phone]))}"

    def _bookings(self) -> Iterator[str]:
        wanted = {
            written.books: written.phone
            for row in self._known()
            if row.state == "done" and (written := self.posted[row.message_id]).books is not None
        }
        made = {datetime.fromisoformat(start): list(phones) for start, phones in self.booked.items()}
        parked = {self.posted[row.message_id].books for row in self._known() if row.state == "dead"}
        for start in (wanted.keys() | made.keys()) - parked:
            if made.get(start, []) != [wanted.get(start)]:
                yield f"at {start} {wanted.get(start)} was to be booked, and {made.get(start, 'nobody')} was"

    def _known(self) -> list[InboxRow]:
        return [row for row in self.file.inbox if row.message_id in self.posted]


def _first_difference(wanted: Sequence[str], found: Sequence[str]) -> str:
    for index, (one, other) in enumerate(zip(wanted, found, strict=False)):
        if one != other:
            return f"{one!r} as number {index} and not {other!r}"
    return f"{len(wanted)} messages and not {len(found)}"
