"""``TelemetryStore``: what happened, kept until a control plane has acknowledged that it knows.

A report is bound to its entries on disk before it is sent. Until it is acknowledged the same report brings the same
entries, so that an answer that was lost makes nothing count twice.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from flow_engine.vocabulary import JSONObject
from runtime.ports.inbox_store import ContactKey

MOST_COUNTS: Final = 5_000
"""In one report: some 700 kB, so that the counts of a long silence get through in several."""


class EntryKind(StrEnum):
    """Which list of the report an entry belongs to."""

    UNANSWERED = "unanswered"
    HAND_OFF = "hand_offs"
    NOTICE = "notices"
    COMMAND_RESULT = "command_results"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that is told once. ``body`` is what the report carries, masked; ``contact`` is whom it is about."""

    kind: EntryKind
    body: JSONObject
    at: datetime
    contact: ContactKey | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """``count`` more of ``name`` with these labels, in the hour (UTC) that begins at ``hour``."""

    name: str
    labels: Mapping[str, str]
    hour: datetime
    count: int


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of an event, as its transaction recorded it. ``trace`` and ``outcomes`` are plain JSON.

    ``seq`` orders the steps of a tenant; ``done`` is true on the last one of the event ``event_seq``.
    """

    seq: int
    event_seq: int
    contact: ContactKey
    conversation_id: str
    serial: int
    at: datetime
    event: str
    done: bool
    state_before: str | None
    state_after: str | None
    trace: Sequence[JSONObject]
    outcomes: Sequence[JSONObject]
    message_ids: Sequence[str]
    duration_ms: float
    error: JSONObject | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """All steps of one finished event, and the words of both sides as they are stored (not masked)."""

    steps: Sequence[StepRow]
    heard: str
    said: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReportEntries:
    """What is bound to the report ``report_id``."""

    report_id: str
    counts: Sequence[Count] = ()
    turns: Sequence[Turn] = ()
    entries: Mapping[EntryKind, Sequence[JSONObject]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fold:
    """What came of looking at the steps up to ``upto``: counts, and entries that follow from them."""

    upto: int
    counts: Sequence[Count]
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may wait for a report: so many turns, so many entries, and with the counts so many ``rows`` in all."""

    turns: int
    entries: int
    rows: int


class TelemetryStore(ABC):
    """Kept in the tenant's file alone: there is no telemetry without a control plane, and none in memory."""

    @abstractmethod
    async def note(self, *entries: Entry) -> None:
        """Keep entries for the next report."""

    @abstractmethod
    async def unfolded(self, limit: int) -> Sequence[StepRow]:
        """The oldest steps that were not folded yet."""

    @abstractmethod
    async def fold(self, fold: Fold) -> None:
        """Add counts and entries and move the mark, in one transaction; a fold that was stored before adds nothing."""

    @abstractmethod
    async def bind(
        self, report_id: str, *, most_turns: int, most_entries: int, most_counts: int = MOST_COUNTS
    ) -> ReportEntries:
        """The report that is not acknowledged yet, else a new one under ``report_id`` with what waits, oldest first.

        What was dropped since a report told of it is a notice of kind ``telemetry_dropped`` in the new one.
        """

    @abstractmethod
    async def acknowledged(self, report_id: str) -> None:
        """Forget what was bound to it; the turns stay until their retention ends."""

    @abstractmethod
    async def release(self, report_id: str) -> None:
        """Unbind a report that was too big, so that a smaller one can be bound."""

    @abstractmethod
    async def give_up(self, report_id: str, *, at: datetime) -> None:
        """Drop the details of a report that is too big however small; its counts are bound again."""

    @abstractmethod
    async def drop_excess(self, bounds: Bounds, *, at: datetime) -> Mapping[str, int]:
        """Give up the oldest details that wait beyond these bounds, turns before entries; how many of each kind.

        Counts go only where they alone are more than ``bounds.rows``, with all details gone before.
        """

    @abstractmethod
    async def heard_of(self, step: StepRow) -> str:
        """What the customer wrote in the step's event; empty for an event that is no message."""

    @abstractmethod
    async def last_words(self, contact: ContactKey, limit: int) -> Sequence[tuple[str, str, datetime]]:
        """The contact's last messages, oldest first: who said it (``customer``, ``bot``), the text, when."""

    @abstractmethod
    async def last_hand_off(self, contact: ContactKey) -> tuple[str, str, datetime] | None:
        """Id, reason and time of the contact's last hand-off."""
