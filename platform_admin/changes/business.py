"""Business settings: hours by day, special days, services, staff, and the rest by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.translation import gettext_noop as _

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.changes.change import Area, Change, by_id, mapping, shown

_DAYS: Final = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
_OWN = frozenset({"hours", "special_days", "holidays", "services", "staff"})


def business_changes(old: JSONObject, new: JSONObject) -> tuple[Change, ...]:
    """Between two documents of ``business.document``'s shape."""
    return (
        *_facts(old, new),
        *_hours("", old.get("hours"), new.get("hours")),
        *_special_days(old, new),
        *_holidays(old, new),
        *_services(old, new),
        *_staff(old, new),
    )


def _facts(old: JSONObject, new: JSONObject) -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        if key not in _OWN and old.get(key) != new.get(key):
            was, now = shown(old.get(key)), shown(new.get(key))
            yield Change(Area.BUSINESS, _("{subject} changed from {old} to {new}."), key.replace("_", " "), was, now)


def _hours(whose: str, old: JSON, new: JSON) -> Iterator[Change]:
    before, after = mapping(old), mapping(new)
    for day, name in _DAYS.items():
        if (before.get(day) or []) != (after.get(day) or []):
            was, now = _spans(before.get(day)), _spans(after.get(day))
            if whose:
                sentence = _("{subject} on {more}: {new} instead of {old}.")
                yield Change(Area.BUSINESS, sentence, whose, was, now, more=name)
            else:
                sentence = _("Opening hours on {subject} changed from {old} to {new}.")
                yield Change(Area.BUSINESS, sentence, name, was, now)


def _spans(value: JSON) -> str:
    return shown(value) if isinstance(value, list) and value else _("closed")  # type: ignore[return-value] # a list is shown


def _special_days(old: JSONObject, new: JSONObject) -> Iterator[Change]:
    before, after = by_id(old.get("special_days"), "date"), by_id(new.get("special_days"), "date")
    for date in sorted({*before, *after}):
        was, now = before.get(date), after.get(date)
        if was == now:
            continue
        name = " ".join(filter(None, (date, str(mapping(now or was).get("name") or ""))))
        hours = (None if was is None else _spans(was.get("hours")), None if now is None else _spans(now.get("hours")))
        if was is None:
            yield Change(Area.BUSINESS, _("{subject} has hours of its own: {new}."), name, *hours)
        elif now is None:
            yield Change(Area.BUSINESS, _("{subject} no longer has hours of its own (they were {old})."), name, *hours)
        else:
            yield Change(Area.BUSINESS, _("{subject}: {new} instead of {old}."), name, *hours)


def _holidays(old: JSONObject, new: JSONObject) -> Iterator[Change]:
    before, after = _texts(old.get("holidays")), _texts(new.get("holidays"))
    for date in sorted(after - before):
        yield Change(Area.BUSINESS, _("Closed on {subject}."), date, None, date)
    for date in sorted(before - after):
        yield Change(Area.BUSINESS, _("No longer closed on {subject}."), date, date, None)


def _texts(value: JSON) -> set[str]:
    return {str(item) for item in value} if isinstance(value, list) else set()


def _services(old: JSONObject, new: JSONObject) -> Iterator[Change]:
    before, after = by_id(old.get("services")), by_id(new.get("services"))
    people = {**by_id(old.get("staff")), **by_id(new.get("staff"))}
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        name = str(mapping(now or was).get("name") or key)
        if was is None and now is not None:
            yield Change(Area.BUSINESS, _("New service {subject}: {new}."), name, None, _service(now))
        elif now is None and was is not None:
            yield Change(Area.BUSINESS, _("The service {subject} is gone."), name, _service(was), None)
        else:
            yield from _parts(name, mapping(was), mapping(now), people)


def _service(service: JSONObject) -> str:
    price = service.get("price")
    return ", ".join(filter(None, (f"{service.get('minutes')} min", "" if price is None else str(price))))


_SERVICE_PARTS: Final = {
    "name": _("The service {old} is now called {new}."),
    "minutes": _("{subject} takes {new} minutes instead of {old}."),
    "price": _("{subject} costs {new} instead of {old}."),
    "staff": _("{subject} is done by {new} instead of {old}."),
    "buffer_before_min": _("{subject} needs {new} minutes before it instead of {old}."),
    "buffer_after_min": _("{subject} needs {new} minutes after it instead of {old}."),
}


def _parts(
    name: str, was: Mapping[str, JSON], now: Mapping[str, JSON], people: dict[str, JSONObject]
) -> Iterator[Change]:
    for key, sentence in _SERVICE_PARTS.items():
        before, after = was.get(key), now.get(key)
        if (before or None) == (after or None):
            continue
        if key == "staff":
            yield Change(Area.BUSINESS, sentence, name, _people(before, people), _people(after, people))
        else:
            yield Change(Area.BUSINESS, sentence, name, shown(before), shown(after))


def _people(value: JSON, people: dict[str, JSONObject]) -> str:
    ids = value if isinstance(value, list) else []
    return ", ".join(str(people.get(str(key), {}).get("name", key)) for key in ids) or _("everybody")


def _staff(old: JSONObject, new: JSONObject) -> Iterator[Change]:
    before, after = by_id(old.get("staff")), by_id(new.get("staff"))
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        name = str(mapping(now or was).get("name") or key)
        if was is None:
            yield Change(Area.BUSINESS, _("{subject} joins the staff."), name, None, name)
        elif now is None:
            yield Change(Area.BUSINESS, _("{subject} leaves the staff."), name, name, None)
        else:
            if was.get("name") != now.get("name"):
                sentence = _("{old} is now called {new}.")
                yield Change(Area.BUSINESS, sentence, name, shown(was.get("name")), shown(now.get("name")))
            if was.get("calendar_id") != now.get("calendar_id"):
                calendars = shown(was.get("calendar_id")), shown(now.get("calendar_id"))
                yield Change(Area.BUSINESS, _("{subject} has the calendar {new} instead of {old}."), name, *calendars)
            yield from _hours(name, was.get("hours"), now.get("hours"))
