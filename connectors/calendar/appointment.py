"""The values a calendar speaks in: services, requests and appointments. No wording, no provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

REMINDER_LEAD = timedelta(hours=24)
"""A day is enough to rearrange and short enough not to be forgotten again."""


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text in one or more languages (BCP 47 → text, in order of preference)."""

    texts: Mapping[str, str]

    def in_language(self, language: str) -> str:
        """The text in ``language`` or its base language, else the first there is."""
        base = language.partition("-")[0].lower()
        return self.texts.get(language) or self.texts.get(base) or next(iter(self.texts.values()), "")


@dataclass(frozen=True, slots=True)
class Service:
    """Something that can be booked. ``id`` has no prefix."""

    id: str
    title: LocalText
    duration: timedelta
    description: LocalText | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf, when and where.

    ``at`` is when the call was decided (aware); ``zone`` is the wall clock of the business.
    """

    contact_id: str
    at: datetime
    zone: ZoneInfo
    idempotency_key: str

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class AvailableDay:
    """A day with at least one free time."""

    day: date
    free: int


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """``starts_at`` is aware UTC."""

    starts_at: datetime
    service: str
    contact_name: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booked time. ``starts_at`` is aware UTC."""

    event_id: str
    starts_at: datetime
    service: Service
