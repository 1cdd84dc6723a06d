"""``Availability``: when something is free, from the settings, the ledger and the provider's calendars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from connectors.calendar.appointment import AvailableDay, Caller, Service, Wish
from connectors.calendar.events import CalendarEvent, CalendarEvents
from connectors.calendar.intervals import Interval
from connectors.calendar.settings import CalendarSettings, Staff, lane_of, lane_of_resource, last_day
from connectors.calendar.slots import Agenda, Occupancy, SlotRules, compute_slots
from connectors.calendar.wall_clock import day_bounds
from connectors.errors import RejectedError
from connectors.state import AppointmentLedgerPort, LedgerRow

_MARGIN = timedelta(days=1)
"""On each side of what is asked for: what began yesterday or runs into tomorrow overlaps as well."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """Everything that is taken in some days."""

    rows: Sequence[LedgerRow]
    busy: Mapping[str, Sequence[Interval]]
    """by calendar"""
    shared: Mapping[str, Sequence[CalendarEvent]]
    """the events of calendars that several people share"""


class Availability:
    """``events`` is ``None`` where the ledger is the only calendar there is."""

    def __init__(
        self, settings: CalendarSettings, ledger: AppointmentLedgerPort, events: CalendarEvents | None
    ) -> None:
        self._settings = settings
        self._ledger = ledger
        self._events = events

    async def days(self, first: date, days: int, wish: Wish, caller: Caller) -> Sequence[AvailableDay]:
        first = max(first, caller.today)
        last = min(first + timedelta(days=days - 1), self.last_day(wish, caller))
        starts = await self._starts(first, last, wish, caller)
        free = Counter(start.astimezone(caller.zone).date() for start in starts)
        return [AvailableDay(day, free[day]) for day in sorted(free)]

    async def slots(self, day: date, wish: Wish, caller: Caller) -> Sequence[datetime]:
        return await self._starts(day, day, wish, caller) if caller.today <= day <= self.last_day(wish, caller) else []

    async def free_staff(self, starts_at: datetime, wish: Wish, caller: Caller) -> Sequence[Staff]:
        """Who could serve at ``starts_at``, in the order of the settings; nobody when the time is taken.

        Raises ``RejectedError`` when the time would not be offered even if nothing were booked.
        """
        day = starts_at.astimezone(caller.zone).date()
        service = self._settings.service(wish.service)
        offering = [each for each in self.candidates(service, wish) if self._serves(each, starts_at, wish, caller)]
        if not offering:
            shown = f"{starts_at.astimezone(caller.zone):%Y-%m-%d %H:%M}"
            raise RejectedError(f"time: {shown} is not a time at which '{service.id}' is offered")
        taken = await self._taken(day, day, wish, caller)
        rules, needed = self._rules(wish, caller), self._needed(service, taken)
        return [
            each
            for each in offering
            if starts_at in compute_slots(day, 1, caller.zone, rules, [self._agenda(each, taken, caller)], needed)
        ]

    def check_window(self, starts_at: datetime, wish: Wish, caller: Caller) -> None:
        """Raises ``RejectedError`` for what is past or too far ahead."""
        local = starts_at.astimezone(caller.zone)
        shown = f"{local:%Y-%m-%d %H:%M}"
        if starts_at <= caller.at:
            raise RejectedError(f"date: {shown} is already past")
        if local.date() > self.last_day(wish, caller):
            ahead = self._settings.lookahead(manual=wish.manual)
            raise RejectedError(f"date: {shown} is more than {ahead} days ahead")

    def candidates(self, service: Service | None, wish: Wish) -> Sequence[Staff]:
        """Raises ``RejectedError`` for somebody who is not there or does not do this."""
        who = self._settings.staff_for(service) if service else self._settings.staff
        if not wish.staff:
            return who
        chosen = [each for each in who if each.id == wish.staff]
        if not chosen:
            known = ", ".join(each.id for each in who if each.id) or "none"
            raise RejectedError(f"staff: there is nobody of this id for it (staff: {known})")
        return chosen

    def last_day(self, wish: Wish, caller: Caller) -> date:
        return last_day(caller.today, self._settings.lookahead(manual=wish.manual))

    async def _starts(self, first: date, last: date, wish: Wish, caller: Caller) -> list[datetime]:
        service = self._settings.service(wish.service) if wish.service else None
        who = self.candidates(service, wish)
        if last < first:
            return []
        taken = await self._taken(first, last, wish, caller)
        return compute_slots(
            first,
            (last - first).days + 1,
            caller.zone,
            self._rules(wish, caller),
            [self._agenda(each, taken, caller) for each in who],
            self._needed(service, taken),
        )

    def _serves(self, staff: Staff, starts_at: datetime, wish: Wish, caller: Caller) -> bool:
        """Whether the time would be offered if nobody had booked anything."""
        day = starts_at.astimezone(caller.zone).date()
        agenda = Agenda(staff.id, self._settings.hours_of(staff))
        return starts_at in compute_slots(day, 1, caller.zone, self._rules(wish, caller), [agenda])

    def _rules(self, wish: Wish, caller: Caller) -> SlotRules:
        settings = self._settings
        service = settings.service(wish.service) if wish.service else None
        return SlotRules(
            step=settings.step,
            duration=service.duration if service else settings.step,
            before=service.before if service else timedelta(),
            after=service.after if service else timedelta(),
            not_before=caller.at if wish.manual else caller.at + settings.lead,
            max_per_day=settings.max_per_day,
        )

    def _agenda(self, staff: Staff, taken: _Taken, caller: Caller) -> Agenda:
        lane = lane_of(staff).id
        own = [row for row in taken.rows if _has_lane(row, lane)]
        calendar = self._settings.calendar_of(staff)
        busy = [Interval(row.booking.blocks_from, row.booking.blocks_until) for row in own]
        busy += taken.busy.get(calendar, ())
        busy += [event.interval for event in taken.shared.get(calendar, ()) if _concerns(event, lane)]
        booked = Counter(row.booking.starts_at.astimezone(caller.zone).date() for row in own)
        return Agenda(staff.id, self._settings.hours_of(staff), busy, booked)

    def _needed(self, service: Service | None, taken: _Taken) -> list[Occupancy]:
        needed: list[Occupancy] = []
        for resource in self._settings.resources_for(service) if service else ():
            lane = lane_of_resource(resource)
            rows = [row.booking for row in taken.rows if _has_lane(row, lane.id)]
            used = [Interval(booking.blocks_from, booking.blocks_until) for booking in rows]
            shut = [interval for interval in taken.busy.get(resource.calendar, ()) for _ in range(lane.capacity)]
            needed.append(Occupancy([*used, *shut], lane.capacity))
        return needed

    async def _taken(self, first: date, last: date, wish: Wish, caller: Caller) -> _Taken:
        start, end = day_bounds(first, last, caller.zone)
        start, end = start - _MARGIN, end + _MARGIN
        rows = [row for row in await self._ledger.between(start, end) if row.booking.event_id != wish.moving]
        if self._events is None:
            return _Taken(rows, {}, {})
        read_whole = self._shared_calendars() | await self._calendar_of(wish.moving)
        others = sorted(self._calendars() - read_whole)
        busy = await self._events.busy(others, start, end) if others else {}
        shared = {
            calendar: [
                event
                for event in await self._events.between(calendar, start, end)
                if event.blocks and (event.mark is None or event.mark.booking.event_id != wish.moving)
            ]
            for calendar in sorted(read_whole)
        }
        return _Taken(rows, busy, shared)

    def _calendars(self) -> set[str]:
        of_staff = {self._settings.calendar_of(staff) for staff in self._settings.staff}
        return of_staff | {resource.calendar for resource in self._settings.resources if resource.calendar}

    def _shared_calendars(self) -> set[str]:
        staff = self._settings.staff
        return {self._settings.calendar_of(each) for each in staff if self._settings.shares_calendar(each)}

    async def _calendar_of(self, event_id: str) -> set[str]:
        """Free/busy does not say which event makes a calendar busy, so that of a moving one is read event by event."""
        row = await self._ledger.find(event_id) if event_id else None
        return {row.booking.calendar} if row is not None and row.booking.calendar in self._calendars() else set()


def all_calendars(settings: CalendarSettings) -> list[str]:
    """Every calendar that appointments stand in, each once."""
    return sorted({settings.calendar_of(staff) for staff in settings.staff})


def _has_lane(row: LedgerRow, lane: str) -> bool:
    return any(taken.id == lane for taken in row.booking.lanes)


def _concerns(event: CalendarEvent, lane: str) -> bool:
    """An appointment of somebody else in the same calendar does not; anything else does, to be careful."""
    return event.mark is None or any(taken.id == lane for taken in event.mark.booking.lanes)
