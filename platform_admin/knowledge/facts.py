"""What the FAQ takes from the business settings: ``{{ business.phone }}`` and its kin, filled in wherever it is read.

The settings are the one source. A text that says ``{{ business.hours }}`` is filled when it is shown, when a question
is tried, when the gate looks, and when a release is made; what a release carries is plain text. Pure: the day is handed
in.

::

    business.name | phone | address | …      any fact that is a text or a number, the business's own ones too
    business.hours                           the week in sentences; business.hours.mon for one day
    business.special_days | holidays         what is still to come
    business.services                        one line each; business.services.corte.price | minutes
    business.staff                           the names
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSON, JSONObject

_PLACEHOLDER: Final = re.compile(r"\{\{\s*(business\.[A-Za-z0-9_.-]+?)\s*\}\}")
_ALONE: Final = re.compile(r"^[ \t]*\{\{\s*(business\.[A-Za-z0-9_.-]+?)\s*\}\}[ \t]*$", re.MULTILINE)
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OWN_FORM: Final = frozenset({"hours", "special_days", "holidays", "services", "staff", "resources"})


@dataclass(frozen=True, slots=True)
class Fact:
    """``key`` is the placeholder's name (``business.phone``); ``lines`` its text, several for a list of things."""

    key: str
    title: str
    lines: tuple[str, ...]
    listed: bool = True
    """Whether the table of facts shows it; single days and prices are only for who asks for them."""

    @property
    def text(self) -> str:
        """On one line, for a place in the middle of a sentence."""
        lines = [line.removeprefix("- ") for line in self.lines]
        return lines[0] if len(lines) == 1 else "; ".join(line.removesuffix(".") for line in lines)


@dataclass(frozen=True, slots=True)
class UnknownFact:
    """A placeholder that nothing fills: customers would read its braces."""

    key: str
    line: int


def facts_of(business: JSONObject, *, language: str, today: date) -> tuple[Fact, ...]:
    """Everything that is known, in ``language`` (BCP 47); what was not written is not there."""
    with translation.override(language.partition("-")[0]):
        return tuple(
            fact
            for fact in (
                *_scalars(business),
                *_hours(business.get("hours")),
                *_days_apart(business, today),
                *_services(business.get("services")),
                *_staff(business.get("staff")),
            )
            if fact.lines
        )


def fill_facts(markdown: str, facts: Sequence[Fact]) -> str:
    """The text with every known placeholder filled; one that stands alone on its line takes as many as it needs."""
    known = {fact.key: fact for fact in facts}

    def block(match: re.Match[str]) -> str:
        fact = known.get(match[1])
        return match[0] if fact is None else "\n".join(fact.lines)

    def inline(match: re.Match[str]) -> str:
        fact = known.get(match[1])
        return match[0] if fact is None else fact.text

    return _PLACEHOLDER.sub(inline, _ALONE.sub(block, markdown))


def unknown_facts(markdown: str, facts: Sequence[Fact]) -> tuple[UnknownFact, ...]:
    known = {fact.key for fact in facts}
    return tuple(
        UnknownFact(match[1], number)
        for number, line in enumerate(markdown.splitlines(), start=1)
        for match in _PLACEHOLDER.finditer(line)
        if match[1] not in known
    )


def _fact(key: str, title: str, *lines: str, listed: bool = True) -> Fact:
    kept = tuple(" ".join(line.split()) for line in lines if line.strip())
    return Fact(f"business.{key}", title, kept, listed)


def _scalars(business: JSONObject) -> Iterator[Fact]:
    titles = {"name": _("Name"), "phone": _("Phone"), "address": _("Address")}
    for key, value in business.items():
        if key not in _OWN_FORM and isinstance(value, str | int | float) and not isinstance(value, bool):
            yield _fact(key, titles.get(key, capfirst(key.replace("_", " "))), str(value))


def _hours(value: JSON) -> Iterator[Fact]:
    week = value if isinstance(value, dict) else {}
    if not any(isinstance(week.get(day), list) and week.get(day) for day in _DAYS):
        return
    said = [(index, _spans(week.get(day))) for index, day in enumerate(_DAYS)]
    lines = []
    for spans, group in groupby(said, key=lambda item: item[1]):
        days = [index for index, _spans_of in group]
        lines.append(f"{capfirst(_days(days))}: {spans}.")
    yield _fact("hours", _("Opening hours"), *lines)
    for index, spans in said:
        yield _fact(f"hours.{_DAYS[index]}", capfirst(str(WEEKDAYS[index])), spans, listed=False)


def _days(days: Sequence[int]) -> str:
    first, last = str(WEEKDAYS[days[0]]).lower(), str(WEEKDAYS[days[-1]]).lower()
    if len(days) == 1:
        return _as_written(first)
    blanks = {"first": _as_written(first), "last": _as_written(last)}
    return _("%(first)s to %(last)s") % blanks


def _as_written(day: str) -> str:
    """English writes its days with a capital letter."""
    return capfirst(day) if (translation.get_language() or "en").startswith("en") else day


def _spans(value: JSON) -> str:
    spans = [str(item).partition("-") for item in value] if isinstance(value, list) else []
    said = [_("from %(start)s to %(end)s") % {"start": start, "end": end} for start, _dash, end in spans]
    return _joined(said) or _("closed")


def _joined(items: Sequence[str]) -> str:
    if len(items) < 2:  # noqa: PLR2004 - one thing needs no "and"
        return "".join(items)
    return _("%(items)s and %(last)s") % {"items": ", ".join(items[:-1]), "last": items[-1]}


def _days_apart(business: JSONObject, today: date) -> Iterator[Fact]:
    lines = []
    for item in _mappings(business.get("special_days")):
        day = _date(item.get("date"))
        if day is not None and day >= today:
            name = f" ({item['name']})" if item.get("name") else ""
            lines.append(f"{capfirst(date_format(day, 'DATE_FORMAT'))}{name}: {_spans(item.get('hours'))}.")
    yield _fact("special_days", _("Days with other hours"), *lines)
    holidays = business.get("holidays")
    days = sorted(filter(None, map(_date, holidays))) if isinstance(holidays, list) else []
    yield _fact("holidays", _("Holidays"), _joined([date_format(day, "DATE_FORMAT") for day in days if day >= today]))


def _services(value: JSON) -> Iterator[Fact]:
    services = _mappings(value)
    yield _fact("services", _("Services and prices"), *(_service(service) for service in services))
    for service in services:
        key, name = f"services.{service.get('id')}", str(service.get("name", ""))
        price, minutes = service.get("price"), service.get("minutes")
        if price is not None:
            yield _fact(f"{key}.price", _("Price: %(name)s") % {"name": name}, str(price), listed=False)
        yield _fact(f"{key}.minutes", _("Minutes: %(name)s") % {"name": name}, str(minutes or ""), listed=False)


def _service(service: Mapping[str, JSON]) -> str:
    blanks = {"name": service.get("name", ""), "price": service.get("price"), "minutes": service.get("minutes")}
    if blanks["price"] is None:
        return _("- %(name)s: about %(minutes)s minutes.") % blanks
    return _("- %(name)s: %(price)s (about %(minutes)s minutes).") % blanks


def _staff(value: JSON) -> Iterator[Fact]:
    yield _fact("staff", _("Team"), _joined([str(person.get("name", "")) for person in _mappings(value)]))


def _mappings(value: JSON) -> list[Mapping[str, JSON]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _date(value: JSON) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
