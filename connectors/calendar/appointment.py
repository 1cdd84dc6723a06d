"""The values a calendar speaks in: services, requests and times. No wording, no provider."""

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
    """Something that can be booked. ``id`` has no prefix.

    ``before`` and ``after`` are kept free around it. ``staff`` are the ids of who can do it (empty: everybody),
    ``resources`` those of the things it needs.
    """

    id: str
    title: LocalText
    duration: timedelta
    description: LocalText | None = None
    before: timedelta = timedelta()
    after: timedelta = timedelta()
    staff: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf, when and where.

    ``at`` is when the call was decided (aware); ``zone`` is the wall clock of the business, ``language`` its words.
    """

    contact_id: str
    at: datetime
    zone: ZoneInfo
    idempotency_key: str
    language: str = "en"

    @property
    def today(self) -> date:
        return self.at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class AvailableDay:
    """A day with at least one free time."""

    day: date
    free: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for.

    ``service`` is an id, or empty for "whatever is shortest to book"; ``staff`` an id, or empty for whoever is free.
    The appointment ``moving`` is not in its own way. ``manual``: staff ask, with the longer look-ahead and no notice.
    """

    service: str = ""
    staff: str = ""
    moving: str = ""
    manual: bool = False


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """``starts_at`` is aware UTC."""

    starts_at: datetime
    wish: Wish
    contact_name: str = ""
    notes: str = ""
