"""``Reporter``: folds what happened into counts, and tells it until it is known.

fold → bind to a report id on disk → POST → acknowledged: forgotten. Whatever happens in between, the same report comes
again with the same entries.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from random import random
from typing import Final, Protocol
from uuid import uuid4

from flow_engine.vocabulary import JSONObject
from runtime.bundles.pacing import PollPacing, pause_s
from runtime.control_plane.answers import ReportAnswer
from runtime.errors import ControlPlaneError, StoreUnavailableError
from runtime.ports.contact_directory import ContactDirectory
from runtime.ports.inbox_store import ContactKey
from runtime.ports.report_readings import ReportReadings
from runtime.ports.telemetry_store import MOST_COUNTS, Bounds, Entry, EntryKind, ReportEntries, TelemetryStore
from runtime.reporting.body import report_body
from runtime.reporting.fold import fold, unanswered_steps
from runtime.reporting.hand_offs import hand_off_entries
from runtime.reporting.new_conditions import NewConditions
from runtime.reporting.present import Present
from runtime.telemetry.masking import Masking

FOLDED_AT_ONCE: Final = 500
"""Steps per round: some five milliseconds of the event loop."""

MOST_TURNS: Final = 100
MOST_ENTRIES: Final = 500
MAX_REPORT_BYTES: Final = 1_000_000
"""One megabyte: a second on a poor line, and below what proxies usually refuse."""

KEPT: Final = Bounds(turns=10_000, entries=10_000, rows=50_000)
"""What waits at most while nobody takes it: some 20 MB. A week of a busy business makes 2,000 different counts."""

UPCOMING_TASKS: Final = 200
MISSED_TASKS: Final = 100
DEAD_LETTERS: Final = 200

NUDGE_PAUSE_S: Final = 1.0
"""Between two reports that were asked for out of turn."""

log = logging.getLogger(__name__)


class ReportClient(Protocol):
    """What the reporter needs of ``ControlPlaneClient``."""

    async def report(self, body: bytes) -> ReportAnswer: ...


@dataclass(slots=True)
class Reporter:
    """``heed`` is told of every answer. ``nudge`` has the next report sent at once."""

    client: ReportClient
    store: TelemetryStore
    directory: ContactDirectory
    readings: ReportReadings
    present: Present
    masking: Masking
    heed: Callable[[ReportAnswer], Awaitable[None]]
    pacing: PollPacing
    nudge: asyncio.Event
    jitter: Callable[[], float] = random
    kept: Bounds = KEPT
    _most_turns: int = MOST_TURNS
    _most_entries: int = MOST_ENTRIES
    _most_counts: int = MOST_COUNTS
    _failures: int = 0
    _seen: NewConditions = field(default_factory=NewConditions)
    _stopped: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Report until cancelled."""
        while True:
            pause = await self.once()
            if self._failures:
                await asyncio.sleep(pause)
                continue
            await asyncio.sleep(min(NUDGE_PAUSE_S, pause))
            try:
                async with asyncio.timeout(max(pause - NUDGE_PAUSE_S, 0)):
                    await self.nudge.wait()
            except TimeoutError:
                pass

    async def once(self) -> float:
        """One report; the seconds until the next. Never raises."""
        self.nudge.clear()
        try:
            await self._note_conditions()
            await self.fold()
            return await self._tell()
        except ControlPlaneError as error:
            self._failures += 1
            if self._failures == 1:
                log.warning("the control plane takes no report: %s", error, extra={"code": error.code})
            return error.retry_after_s or pause_s(self.pacing, self._failures, self.jitter())
        except StoreUnavailableError as error:
            log.warning("no report while the store is away: %s", error)
        except Exception:
            log.exception("a report could not be made")
        self._failures += 1
        return pause_s(self.pacing, self._failures, self.jitter())

    async def _note_conditions(self) -> None:
        present = self.present
        begun = self._seen.begun(
            await present.core.health(),
            refused_by=present.watch.unauthorized,
            stalls=present.watchdog.stalls,
            longest_stall_s=present.watchdog.longest_lag_s,
            now=present.core.clock.now(),
        )
        if begun:
            await self.store.note(*begun)

    async def fold(self) -> None:
        """Bring all steps since the last time into counts and entries; then drop what is too much."""
        while steps := await self.store.unfolded(FOLDED_AT_ONCE):
            heard = {step.seq: await self.store.heard_of(step) for step in unanswered_steps(steps)}
            config = self.present.core.configs.current
            folded = fold(steps, heard, self.masking, language=config.language if config else "")
            folded.entries.extend(await hand_off_entries(steps, self.store, self.masking))
            await self.store.fold(folded)
            await self._remember({entry.contact for entry in folded.entries if entry.contact is not None})
            if len(steps) < FOLDED_AT_ONCE:
                break
        await self._tell_of_channels()
        dropped = await self.store.drop_excess(self.kept, at=self.present.core.clock.now())
        if dropped:
            detail = ", ".join(f"{number} {kind}" for kind, number in dropped.items())
            log.warning("telemetry is dropped, nobody takes it: %s", detail)

    async def _tell_of_channels(self) -> None:
        """A notice for each channel that has stopped since the last time: nothing leaves until somebody mends it."""
        halted, now = self.present.core.outbox.halted, self.present.core.clock.now()
        for channel_id in sorted(halted.keys() - self._stopped):
            said: JSONObject = {"id": uuid4().hex, "kind": "channel_stopped", "at": now.isoformat()}
            detail = f"{channel_id}: {halted[channel_id]}"
            await self.store.note(Entry(EntryKind.NOTICE, said | {"detail": detail}, now))
        self._stopped = frozenset(halted)

    async def _tell(self) -> float:
        entries = await self.store.bind(
            uuid4().hex,
            most_turns=self._most_turns,
            most_entries=self._most_entries,
            most_counts=self._most_counts,
        )
        body = json.dumps(await self._body(entries), separators=(",", ":")).encode()
        try:
            if len(body) > MAX_REPORT_BYTES:
                raise ControlPlaneError("http_413", "The report is too big.")
            answer = await self.client.report(body)
        except ControlPlaneError as error:
            if error.code == "http_413":
                await self._split(entries)
                return NUDGE_PAUSE_S
            raise
        if answer.acknowledged != entries.report_id:
            raise ControlPlaneError("bad_answer", "The control plane acknowledged another report.")
        await self.store.acknowledged(entries.report_id)
        more = len(entries.turns) >= self._most_turns or len(entries.counts) >= self._most_counts
        self._failures = 0
        self._most_turns, self._most_entries, self._most_counts = MOST_TURNS, MOST_ENTRIES, MOST_COUNTS
        await self.heed(answer)
        usual = answer.poll_after_s or self.pacing.interval_s
        return NUDGE_PAUSE_S if more else usual * (0.5 + self.jitter())

    async def _split(self, entries: ReportEntries) -> None:
        if max(self._most_turns, self._most_entries, self._most_counts) > 1:
            await self.store.release(entries.report_id)
        else:
            # Not even one turn gets through: it is given up, so that the counts do.
            log.error("a report of one turn is too big; the turn is dropped")
            await self.store.give_up(entries.report_id, at=self.present.core.clock.now())
        self._most_turns = max(self._most_turns // 2, 1)
        self._most_entries = max(self._most_entries // 2, 1)
        self._most_counts = max(self._most_counts // 2, 1)

    async def _remember(self, contacts: AbstractSet[ContactKey]) -> None:
        await self.directory.remember_names({contact: self.masking.name(contact.contact_id) for contact in contacts})

    async def _body(self, entries: ReportEntries) -> JSONObject:
        tasks = await self.readings.scheduled_tasks(upcoming=UPCOMING_TASKS, missed=MISSED_TASKS)
        dead_letters = await self.readings.dead_letters(DEAD_LETTERS)
        told_of = {
            *(turn.steps[-1].contact for turn in entries.turns),
            *(task.contact for task in tasks),
            *(letter.contact for letter in dead_letters),
        }
        await self._remember(told_of)
        health = await self.present.core.health()
        return report_body(
            entries,
            runtime=self.present.runtime(),
            heartbeat=await self.present.heartbeat(health),
            gauges=await self.present.gauges(health),
            tasks=tasks,
            dead_letters=dead_letters,
            masking=self.masking,
        )
