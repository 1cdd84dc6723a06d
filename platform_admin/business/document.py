"""What a business says about itself: one source for free slots, for facts in texts and for out-of-hours replies.

::

    name: Peluquería Luna
    hours:        {mon: ["10:00-14:00", "17:00-21:00"], sat: ["10:00-14:00"]}
    special_days: [{date: 2026-12-24, hours: ["10:00-13:00"], name: Nochebuena}]
    holidays:     [2026-12-25]
    services:     [{id: corte, name: Corte, minutes: 30, price: 18 €, staff: [ana]}]
    staff:        [{id: ana, name: Ana, calendar_id: ana@…, hours: {mon: ["10:00-14:00"]}}]
    resources:    [{id: lavacabezas, capacity: 2}]

Any other key is a fact of the business's own, for texts to use as ``business.…``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StringConstraints, model_validator

SPAN_PATTERN: Final = r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
ID_PATTERN: Final = r"^[a-z0-9][a-z0-9_-]{0,39}$"

PATTERNS: Final = {
    SPAN_PATTERN: gettext_lazy("must be a span such as 10:00-14:00"),
    ID_PATTERN: gettext_lazy("must be small letters, digits, _ and -"),
}

MAX_SPANS = 6
MAX_SERVICES = 200
MAX_STAFF = 100
MAX_DAYS = 400
"""A year of special days; what is past can be deleted."""

_DAY_MINUTES: Final = 24 * 60

type Span = Annotated[str, StringConstraints(pattern=SPAN_PATTERN)]
type Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
type Label = Annotated[str, StringConstraints(min_length=1, max_length=120)]
type Minutes = Annotated[int, Field(ge=0, le=_DAY_MINUTES)]
type Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _in_order(spans: list[str]) -> list[str]:
    """Each ends after it begins, and before the next one begins. Raises ``ValueError`` for people."""
    ends = [tuple(span.split("-")) for span in spans]
    for start, end in ends:
        if start >= end:
            raise ValueError(_("%(start)s-%(end)s ends before it begins.") % {"start": start, "end": end})
    for before, (start, _end) in pairwise(ends):
        if start < before[1]:
            raise ValueError(
                _("The hours overlap at %(start)s: write them in order, one after the other.") % {"start": start}
            )
    return spans


type Hours = Annotated[list[Span], Field(max_length=MAX_SPANS), AfterValidator(_in_order)]
type Week = dict[Day, Hours]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SpecialDay(_Part):
    """A day with hours of its own; no hours at all means closed."""

    date: date
    hours: Hours = Field(default_factory=list)
    name: Annotated[str, StringConstraints(max_length=120)] = ""


class Service(_Part):
    """Something that can be booked. ``staff`` names who does it; empty means everybody. It needs all ``resources``."""

    id: Id
    name: Label
    minutes: Annotated[int, Field(ge=5, le=_DAY_MINUTES)]
    buffer_before_min: Minutes = 0
    buffer_after_min: Minutes = 0
    price: Annotated[str, StringConstraints(max_length=60)] | int | float | None = None
    staff: list[Id] = Field(default_factory=list)
    resources: list[Id] = Field(default_factory=list)


class StaffMember(_Part):
    """Somebody who can be booked. ``hours`` ``None``: those of the business."""

    id: Id
    name: Label
    calendar_id: Annotated[str, StringConstraints(max_length=250)] | None = None
    hours: Week | None = None


class Resource(_Part):
    """A thing that appointments share, such as a sink: ``capacity`` of them at once."""

    id: Id
    name: Annotated[str, StringConstraints(max_length=120)] = ""
    capacity: Annotated[int, Field(ge=1, le=1_000)] = 1
    calendar_id: Annotated[str, StringConstraints(max_length=250)] | None = None


class BusinessDocument(BaseModel):
    """The whole document. Absent parts stay absent."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, JsonValue]

    name: Annotated[str, StringConstraints(max_length=120)] = ""
    phone: Annotated[str, StringConstraints(max_length=60)] = ""
    address: Annotated[str, StringConstraints(max_length=300)] = ""
    hours: Week = Field(default_factory=dict)
    special_days: Annotated[list[SpecialDay], Field(max_length=MAX_DAYS)] = Field(default_factory=list)
    holidays: Annotated[list[date], Field(max_length=MAX_DAYS)] = Field(default_factory=list)
    services: Annotated[list[Service], Field(max_length=MAX_SERVICES)] = Field(default_factory=list)
    staff: Annotated[list[StaffMember], Field(max_length=MAX_STAFF)] = Field(default_factory=list)
    resources: Annotated[list[Resource], Field(max_length=MAX_STAFF)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        _unique((service.id for service in self.services), _("Two of a kind: the service %(name)s is there twice."))
        _unique((person.id for person in self.staff), _("Two of a kind: the person %(name)s is there twice."))
        _unique((resource.id for resource in self.resources), _("Two of a kind: the resource %(name)s is there twice."))
        _unique((str(day.date) for day in self.special_days), _("Two of a kind: the day %(name)s is there twice."))
        known = {person.id for person in self.staff}
        for service in self.services:
            for person_id in service.staff:
                if person_id not in known:
                    raise ValueError(
                        _("%(service)s is done by %(person)s, who is not on the staff.")
                        % {"service": service.name, "person": person_id}
                    )
            for thing in set(service.resources) - {resource.id for resource in self.resources}:
                raise ValueError(
                    _("%(service)s needs %(thing)s, which is not among the resources.")
                    % {"service": service.name, "thing": thing}
                )
        both = {day.date for day in self.special_days} & set(self.holidays)
        if both:
            raise ValueError(_("%(day)s is both a holiday and a day with hours of its own.") % {"day": min(both)})
        return self

    def to_json(self) -> dict[str, JsonValue]:
        """What was written, in plain JSON."""
        return self.model_dump(mode="json", exclude_unset=True)


def _unique(ids: Iterable[str], said: str) -> None:
    """Raises ``ValueError``: ``said``, with the ``name`` that is there twice."""
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise ValueError(said % {"name": name})
        seen.add(name)


def slug_of(name: str) -> str:
    """An id made from a name, for forms in which nobody types ids."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "x"
