"""Contacts that book appointments, and a provider that delivers what they write until it is acknowledged.

Like Meta it delivers in batches, repeats what it got no 200 for, now and then repeats what it did get a 200 for, and
lets one message overtake another.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import httpx2

from tests.crash.tenant import APP_SECRET, PHONE_NUMBER_ID, SLOT_MIN
from tests.fakes import webhook_bodies
from tests.fakes.webhook_bodies import Writer

CONTACTS = 200
DELIVERERS = 24
BATCHED = 0.4
DELIVERED_AGAIN = 0.08
OVERTAKING = 0.15
LARGEST_BATCH = 6
LARGEST_REPORT = 30
"""Delivery reports in one webhook; Meta sends up to a thousand."""

SLOTS_A_DAY = 24 * 60 // SLOT_MIN
BACKLOG = 150
"""Acknowledged messages that wait for their reply; above it the contacts hold their breath."""


@dataclass(frozen=True, slots=True)
class Written:
    """One message of a contact, and what the bot must say to it, in order."""

    message_id: str
    phone: str
    payload: str | None
    replies: tuple[str, ...]
    value: webhook_bodies.Object
    books: datetime | None = None


@dataclass
class Contact:
    """Books one appointment after the other: a word, a day, a time, the booking."""

    phone: str
    number: int
    written: Iterator[Written] = field(init=False)
    at_the_provider: deque[Written] = field(default_factory=deque)
    busy: bool = False

    def __post_init__(self) -> None:
        self.written = self._write()

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
            yield replace(booking, books=datetime.fromisoformat(f"{day}T{time}+00:00"))

    def _text(self, writer: Writer, place: str, words: str) -> Written:
        message_id = f"wamid.{self.number}.{place}"
        value = webhook_bodies.text(writer, words, message_id=message_id)
        return Written(message_id, self.phone, None, ("menu",), value)

    def _tap(self, writer: Writer, place: str, payload: str, *replies: str) -> Written:
        message_id = f"wamid.{self.number}.{place}"
        value = webhook_bodies.tap(writer, "button_reply", payload, payload[:20], message_id=message_id)
        return Written(message_id, self.phone, payload, replies, value)


class Provider:
    """Delivers to ``url`` while ``up`` is set. ``acknowledged`` holds what it got a 200 for, by message id."""

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
        while self._reports or any(contact.busy or contact.at_the_provider for contact in self._contacts):
            self._raise_defects()
            await asyncio.sleep(0.01)

    def _raise_defects(self) -> None:
        for task in self._tasks:
            if task.done():
                task.result()

    async def _deliver_messages(self) -> None:
        while True:
            await self._up.wait()
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
        if not waiting and self.writing and len(self.acknowledged) - self.replies_seen() < BACKLOG:
            waiting = idle
        count = self._chance.randint(2, LARGEST_BATCH) if self._chance.random() < BATCHED else 1
        return self._chance.sample(waiting, min(count, len(waiting)))

    async def _deliver(self, contacts: list[Contact]) -> None:
        batch: list[Written] = []
        for contact in contacts:
            if not contact.at_the_provider:
                contact.at_the_provider.append(next(contact.written))
                if self._chance.random() < OVERTAKING and contact.at_the_provider[0].payload is None:
                    contact.at_the_provider.appendleft(next(contact.written))  # the tap after the word overtakes it
            batch += contact.at_the_provider
        self.posted |= {written.message_id: written for written in batch}
        body = webhook_bodies.batch([written.value for written in batch])
        if not await self._post(body):
            self.redelivered += 1
            return
        self.acknowledged |= {written.message_id: written for written in batch}
        for contact in contacts:
            contact.at_the_provider.clear()
        if self._chance.random() < DELIVERED_AGAIN:
            self.redelivered += await self._post(body)

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
            return False
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
        return answer.status_code == httpx2.codes.OK
