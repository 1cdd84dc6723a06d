"""``AppointmentLedgerPort``: every appointment this business has made, and the one place where two cannot overlap."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime

from connectors.state.ledger_row import AppointmentChange, Attendance, Booking, ConfirmedAppointment, LedgerRow


class AppointmentLedgerPort(ABC):
    """Implementations pass one contract suite. Every method is atomic; all instants are aware UTC."""

    @abstractmethod
    async def hold(self, booking: Booking, *, at: datetime) -> LedgerRow | None:
        """Take the booking's lanes for its time; ``None`` when one of them has no room left.

        A key that is held, confirmed or cancelled already gives its row as it is; a released one is held again, with
        its attempts counted. The appointment that ``booking`` replaces does not stand in its way.
        """

    @abstractmethod
    async def written(self, event_id: str, *, provider_id: str, version: str, at: datetime) -> None:
        """The provider has the event under this id, in this version. The stage stays as it is."""

    @abstractmethod
    async def confirm(self, event_id: str, *, at: datetime, untold: bool = False) -> ConfirmedAppointment | None:
        """HELD → CONFIRMED; what it replaces is cancelled with it, and loose. Confirmed already: the same again.

        ``untold``: the customer has not heard, so it is a change. ``None`` for a row that is neither.
        """

    @abstractmethod
    async def release(self, event_id: str, *, at: datetime, loose: bool = False) -> None:
        """HELD → RELEASED. ``loose``: the provider may still have the event. Any other row stays as it is."""

    @abstractmethod
    async def cancel(self, event_id: str, *, at: datetime, untold: bool = False) -> LedgerRow | None:
        """CONFIRMED → CANCELLED. ``untold``: it was not the customer's doing. ``None`` for an unknown id."""

    @abstractmethod
    async def move(self, event_id: str, to: Booking, *, version: str, at: datetime, untold: bool = True) -> None:
        """The business moved a confirmed appointment, without asking for room. ``untold``: its customer should hear."""

    @abstractmethod
    async def mark(self, event_id: str, attendance: Attendance, *, at: datetime) -> LedgerRow | None:
        """What is known about the customer's coming to a confirmed appointment. ``None`` for an unknown id."""

    @abstractmethod
    async def tied(self, event_id: str, *, at: datetime) -> None:
        """The provider is in line with the row again: it is loose no more."""

    @abstractmethod
    async def adopt(self, booking: Booking, *, provider_id: str, version: str, at: datetime) -> None:
        """Take in an appointment that the provider has and this ledger lost. A known id changes nothing."""

    @abstractmethod
    async def find(self, event_id: str) -> LedgerRow | None:
        """The row of this id, whatever its stage."""

    @abstractmethod
    async def of_contact(self, contact_id: str) -> Sequence[ConfirmedAppointment]:
        """The customer's confirmed appointments, by start."""

    @abstractmethod
    async def between(self, start: datetime, end: datetime) -> Sequence[LedgerRow]:
        """The rows that stand and block any of this stretch, by start."""

    @abstractmethod
    async def unsettled(self, before: datetime) -> Sequence[LedgerRow]:
        """Rows held or loose, and not touched since ``before``; the oldest first."""

    @abstractmethod
    async def untold(self, limit: int) -> Sequence[AppointmentChange]:
        """Changes whose customers have not been told, the oldest first."""

    @abstractmethod
    async def told(self, change_id: int) -> None:
        """Forget a change. Unknown ids are fine."""
