"""The rows of the appointment ledger, and what can happen to one.

::

    hold ──► HELD ──confirm──► CONFIRMED ──cancel──► CANCELLED
              │
              └──release──► RELEASED ──hold (the same key again)──► HELD

A customer is told of a booking only from a ``ConfirmedAppointment``, and there is none of a row that is not confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far a booking is."""

    HELD = "held"
    """the time is ours in this ledger; the provider may or may not know"""
    CONFIRMED = "confirmed"
    """written to the provider, looked at again, and nobody else was there"""
    CANCELLED = "cancelled"
    """it was confirmed once and takes place no more"""
    RELEASED = "released"
    """it never came to be, and the time is free again"""


class Attendance(StrEnum):
    """What is known about the customer's coming."""

    OPEN = "open"
    EXPECTED = "expected"
    """the customer said so"""
    ATTENDED = "attended"
    NO_SHOW = "no_show"


@dataclass(frozen=True, slots=True)
class Lane:
    """Something that serves ``capacity`` appointments at once: a person, a chair, three washing places."""

    id: str
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class Booking:
    """What is to be booked. Instants are aware UTC.

    ``event_id`` derives from ``key``, the idempotency key of the decision to book.
    From ``blocks_from`` to ``blocks_until`` (buffers included) every lane is taken. ``calendar`` is the provider's
    calendar that the event stands in, ``staff`` who serves. ``replaces`` is the appointment this one is in place of.
    """

    event_id: str
    key: str
    contact_id: str
    service: str
    starts_at: datetime
    ends_at: datetime
    blocks_from: datetime
    blocks_until: datetime
    lanes: tuple[Lane, ...]
    calendar: str = ""
    staff: str = ""
    contact_name: str = ""
    notes: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A booking and how far it is.

    ``attempt`` counts from 1, once for each time the key was held. ``provider_id`` and ``version`` (an ETag) are the
    provider's, empty before it was written. ``loose`` says that the provider still has to be brought into line.
    """

    booking: Booking
    stage: Stage
    updated_at: datetime
    attempt: int = 1
    attendance: Attendance = Attendance.OPEN
    provider_id: str = ""
    version: str = ""
    loose: bool = False

    @property
    def stands(self) -> bool:
        """Whether its lanes are taken."""
        return self.stage in (Stage.HELD, Stage.CONFIRMED)


@dataclass(frozen=True, slots=True)
class ConfirmedAppointment:
    """A row that is confirmed. There is no such value of any other, so no sentence about one can be written."""

    row: LedgerRow

    def __post_init__(self) -> None:
        if self.row.stage is not Stage.CONFIRMED:
            raise ValueError(f"appointment {self.row.booking.event_id} is {self.row.stage.value}, not confirmed")

    @property
    def booking(self) -> Booking:
        return self.row.booking


class ChangeKind(StrEnum):
    """What became of an appointment without its customer's doing."""

    MOVED = "moved"
    CANCELLED = "cancelled"
    CONFIRMED = "confirmed"
    """a booking whose result nobody had learnt turned out to stand"""


@dataclass(frozen=True, slots=True)
class AppointmentChange:
    """A change that its customer has not been told of. ``before`` and ``row`` are the row before and after it."""

    id: int
    kind: ChangeKind
    before: LedgerRow
    row: LedgerRow
    at: datetime
