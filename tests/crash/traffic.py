"""Contacts that book appointments, and a provider that delivers what they write until it is acknowledged.

Like Meta it delivers in batches, repeats what it got no 200 for, now and then repeats what it did get a 200 for, also
after later messages, and lets messages overtake one another, within a webhook and by several.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import httpx2

from tests.crash.tenant import APP_SECRET, PHONE_NUMBER_ID, REMINDER_KEY, SLOT_MIN
from tests.fakes import webhook_bodies
from tests.fakes.webhook_bodies import Writer

CONTACTS = 200
DELIVERERS = 24
BATCHED = 0.4
DELIVERED_AGAIN = 0.08
REPEATED_AFTER = 300
"""What was acknowledged is repeated at most so many messages later; its contacts have written again by then."""

OVERTAKING = 0.15
LONGEST_HELD = 3
"""A message that is overtaken comes at most so many webhooks of its contact later; 0 is the end of the same one."""

LARGEST_BATCH = 6
LARGEST_REPORT = 30
"""Delivery reports in one webhook; Meta sends up to a thousand."""

SLOTS_A_DAY = 24 * 60 // SLOT_MIN
BACKLOG = 150
"""Replies that are waited for; above it the contacts hold their breath."""


@dataclass(frozen=True, slots=True)
class Written:
    """One message of a contact, and what the bot must say to it, in order."""

    message_id: str
    phone: str
    payload: str | None
    replies: tuple[str, ...]
    value: webhook_bodies.Object
    books: datetime | None = None
    reminder: str | None = None
    """The key of the task that it schedules."""


@dataclass
class Contact:
    """Books one appointment after the other: a word, a day, a time, the booking."""

    phone: str
    number: int
    written: Iterator[Written] = field(init=False)
    at_the_provider: list[Written] = field(default_factory=list)
    busy: bool = False
    _held: Written | None = None
    _held_for: int = 0

    def __post_init__(self) -> None:
        self.written = self._write()

    @property
    def has_undelivered(self) -> bool:
        """Whether a webhook is owed although nothing new is written."""
        return bool(self.at_the_provider) or self._held is not None

    def fill(self, chance: random.Random, *, writing: bool) -> None:
        """Put into ``at_the_provider`` what the contact's next webhook brings: the same again until it had its 200."""
        if self.at_the_provider:
            return
        if self._held is not None and (self._held_for <= 0 or not writing):
            self.at_the_provider, self._held = [self._held], None
            return
        written = next(self.written)
        if self._held is None and written.payload is None and chance.random() < OVERTAKING:
            self._held, self._held_for = written, chance.randint(0, LONGEST_HELD)
            written = next(self.written)
        self.at_the_provider = [written]
        if self._held is not None and self._held_for == 0:
            self.at_the_provider.append(self._held)
            self._held = None
        self._held_for -= 1

    def _write(self) -> Iterator[Written]:
        writer = Writer(PHONE_NUMBER_ID, self.phone, f"Contact {self.number}")
        first = datetime.now(UTC).date() + timedelta(days=2)
        for turn in range(1_000_000):
            slot = turn * CONTACTS + self.number
            day = (first + timedelta(days=slot // SLOTS_A_DAY)).isoformat()
            time = "{:02d}:{:02d}".format(*divmod(slot % SLOTS_A_DAY * SLOT_MIN, 60))
            yield self._text(writer, f"{turn}.0", "hola")
            yield self._tap(writer, f"{turn}.1", f"day_{day}", f"day {day}")
            yield self._tap(writer, f"{turn}.2", f"time_{time}", f"time {time}")
            booking = self._tap(writer, f"{turn}.3", f"book_{slot}", f"one moment {slot}", f"booked {slot}")
            yield replace(
                booking, books=datetime.fromisoformat(f"{day}T{time}+00:00"), reminder=f"{REMINDER_KEY}{slot}"
            )

    def _text(self, writer: Writer, place: str, words: str) -> Written:
        message_id = f"wamid.{self.number}.{place}"
        value = webhook_bodies.text(writer, words, message_id=message_id)
        return Written(message_id, self.phone, None, ("menu",), value)

    def _tap(self, writer: Writer, place: str, payload: str, *replies: str) -> Written:
        message_id = f"wamid.{self.number}.{place}"
        value = webhook_bodies.tap(writer, "button_reply", payload, payload[:20], message_id=message_id)
        return Written(message_id, self.phone, payload, replies, value)


class Provider:
    """Delivers to ``url`` while ``up`` is set.

    ``acknowledged`` holds what it got a 200 for, by message id, in the order of those answers; what one body brought is
    in the body's order. A contact's webhooks follow each other, so this is the order in which its messages were
    delivered.
    """

    def __init__(self, url: str, http: httpx2.AsyncClient, up: asyncio.Event, chance: random.Random) -> None:
        self._url = url
        self._http = http
        self._up = up
        self._chance = chance
        self._contacts = [Contact(f"346{number:08d}", number) for number in range(CONTACTS)]
        self._reports: deque[webhook_bodies.Object] = deque()
        self._tasks: list[asyncio.Task[None]] = []
        self.posted: dict[str, Written] = {}
        self.acknowledged: dict[str, Written] = {}
        self.answers: dict[int, int] = {}
        self.redelivered = 0
        self._again: list[tuple[int, bytes]] = []
        self._awaited = 0
        self.unreachable = 0
        """Requests that nobody answered."""
        self.got_through: set[str] = set()
        """Messages that had no 200 at first, and one later."""
        self._missed: set[str] = set()
        self.writing = True
        self.replies_seen: Callable[[], int] = lambda: 0

    def report(self, value: webhook_bodies.Object) -> None:
        """Deliver this delivery report too."""
        self._reports.append(value)

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._deliver_messages()) for _ in range(DELIVERERS)]
        self._tasks += [loop.create_task(self._deliver_reports()) for _ in range(DELIVERERS // 4)]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def until_everything_is_acknowledged(self) -> None:
        """Nothing new is written; what was posted is repeated until it has its 200."""
        self.writing = False
        while self._reports or self._again or any(each.busy or each.has_undelivered for each in self._contacts):
            self._raise_defects()
            await asyncio.sleep(0.01)

    def _raise_defects(self) -> None:
        for task in self._tasks:
            if task.done():
                task.result()

    async def _deliver_messages(self) -> None:
        while True:
            await self._up.wait()
            await self._repeat_what_is_due()
            contacts = self._next_contacts()
            if not contacts:
                await asyncio.sleep(0.01)
                continue
            for contact in contacts:
                contact.busy = True
            try:
                await self._deliver(contacts)
            finally:
                for contact in contacts:
                    contact.busy = False

    def _next_contacts(self) -> list[Contact]:
        """Who has something undelivered comes first; new messages only while the bot keeps up."""
        idle = [contact for contact in self._contacts if not contact.busy]
        waiting = [contact for contact in idle if contact.at_the_provider]
        if not waiting and not self.writing:
            waiting = [contact for contact in idle if contact.has_undelivered]
        if not waiting and self.writing and self._awaited - self.replies_seen() < BACKLOG:
            waiting = idle
        count = self._chance.randint(2, LARGEST_BATCH) if self._chance.random() < BATCHED else 1
        return self._chance.sample(waiting, min(count, len(waiting)))

    async def _deliver(self, contacts: list[Contact]) -> None:
        batch: list[Written] = []
        for contact in contacts:
            contact.fill(self._chance, writing=self.writing)
            batch += contact.at_the_provider
        self.posted |= {written.message_id: written for written in batch}
        body = webhook_bodies.batch([written.value for written in batch])
        if not await self._post(body):
            self.redelivered += 1
            self._missed |= {written.message_id for written in batch}
            return
        self.acknowledged |= {written.message_id: written for written in batch}
        self._awaited += sum(len(written.replies) + (written.reminder is not None) for written in batch)
        self.got_through |= self._missed & {written.message_id for written in batch}
        for contact in contacts:
            contact.at_the_provider = []
        if self._chance.random() < DELIVERED_AGAIN:
            self._again.append((len(self.acknowledged) + self._chance.randint(0, REPEATED_AFTER), body))

    async def _repeat_what_is_due(self) -> None:
        """Post once more what had its 200, while its contacts write on."""
        due = next((again for again in self._again if again[0] <= len(self.acknowledged) or not self.writing), None)
        if due is not None:
            self._again.remove(due)
            self.redelivered += await self._post(due[1])

    async def _deliver_reports(self) -> None:
        while True:
            await self._up.wait()
            if not self._reports:
                await asyncio.sleep(0.01)
                continue
            values = [self._reports.popleft() for _ in range(min(len(self._reports), LARGEST_REPORT))]
            if not await self._post(webhook_bodies.batch(values)):
                self._reports.extendleft(reversed(values))

    async def _post(self, body: bytes) -> bool:
        """Whether it was acknowledged."""
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": webhook_bodies.sign(body, APP_SECRET),
        }
        try:
            answer = await self._http.post(f"{self._url}/webhook", content=body, headers=headers)
        except httpx2.TransportError:
            self.unreachable += 1
            return False
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
        return answer.status_code == httpx2.codes.OK
