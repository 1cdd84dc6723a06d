"""``CalendarSettings``: what a calendar must know about a business to offer and book times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from connectors.calendar.appointment import LocalText, Service
from connectors.calendar.opening_hours import OpeningHours, parse_weekly_hours
from connectors.errors import RejectedError
from connectors.plain_json import JSON
from connectors.state import Lane

_SPLIT_DAY: list[JSON] = ["10:00-14:00", "17:00-21:00"]

_WEEK: dict[str, JSON] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _SPLIT_DAY)

DEFAULT_HOURS = OpeningHours(parse_weekly_hours(_WEEK | {"sat": ["10:00-14:00"]}))
"""A small shop in Spain, so that a calendar without a schedule can be tried at once."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who serves one customer at a time. ``calendar`` empty: the business's own."""

    id: str
    name: str
    calendar: str = ""
    hours: OpeningHours | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A thing that ``capacity`` appointments use at once. ``calendar`` empty: only our own bookings use it."""

    id: str
    capacity: int = 1
    calendar: str = ""


ANYBODY = Staff("", "")
"""The one chair of a business that names no staff."""


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """``timezone`` empty: that of each call. The first of ``staff`` who is free serves."""

    services: tuple[Service, ...]
    hours: OpeningHours = DEFAULT_HOURS
    timezone: str = ""
    calendar: str = ""
    """The provider's id of the business's own calendar."""
    step: timedelta = timedelta(minutes=30)
    """Between two starts."""
    lookahead_days: int = 60
    """For customers, today included. Two months: further ahead people forget, and the business cannot know."""
    manual_lookahead_days: int = 90
    """For the business's own people, who plan a season."""
    lead: timedelta = timedelta(minutes=60)
    """Nobody can be booked for the minute after; an hour lets both sides get there."""
    max_per_day: int | None = None
    """Appointments of one person on one day."""
    staff: tuple[Staff, ...] = (ANYBODY,)
    resources: tuple[Resource, ...] = field(default_factory=tuple)

    def service(self, service_id: str) -> Service:
        """Raises ``RejectedError`` naming the services there are."""
        found = next((service for service in self.services if service.id == service_id), None)
        if found is None:
            known = ", ".join(service.id for service in self.services)
            raise RejectedError(f"service: there is no such service (services: {known})")
        return found

    def known_service(self, service_id: str, duration: timedelta) -> Service:
        """The service of an appointment, which stands although its service may have left the settings."""
        found = next((service for service in self.services if service.id == service_id), None)
        return found or Service(service_id, LocalText({"": service_id}), duration)

    def staff_for(self, service: Service) -> Sequence[Staff]:
        return [each for each in self.staff if not service.staff or each.id in service.staff]

    def resources_for(self, service: Service) -> Sequence[Resource]:
        return [each for each in self.resources if each.id in service.resources]

    def calendar_of(self, staff: Staff) -> str:
        return staff.calendar or self.calendar

    def hours_of(self, staff: Staff) -> OpeningHours:
        return staff.hours or self.hours

    def shares_calendar(self, staff: Staff) -> bool:
        """Whether somebody else's appointments stand in the same calendar."""
        return sum(self.calendar_of(each) == self.calendar_of(staff) for each in self.staff) > 1

    def lookahead(self, *, manual: bool) -> int:
        """Days, today included."""
        return self.manual_lookahead_days if manual else self.lookahead_days


def lane_of(staff: Staff) -> Lane:
    return Lane(f"staff:{staff.id}")


def lane_of_resource(resource: Resource) -> Lane:
    return Lane(f"resource:{resource.id}", resource.capacity)


def last_day(today: date, days: int) -> date:
    """The last day of ``days`` days, today included."""
    return today + timedelta(days=days - 1)
