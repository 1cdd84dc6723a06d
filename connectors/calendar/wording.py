"""How days and times read in the languages of the product; data, plus the three patterns over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from connectors.calendar.operations import MAX_TITLE


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language; weekdays from Monday, months from January.

    ``long_day`` and ``when`` are patterns; ``free_times`` holds the forms for one and for several.
    """

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    long_day: str
    when: str
    free_times: tuple[str, str]

    def short_day(self, day: date) -> str:
        """``mar 24 nov``: weekday and month by their first three letters."""
        return f"{self.weekdays[day.weekday()][:3]} {day.day} {self.months[day.month - 1][:3]}"

    def moment(self, local: datetime) -> str:
        """``martes 24 de noviembre a las 10:00``. ``local`` is the business's wall clock."""
        day = self.long_day.format(
            weekday=self.weekdays[local.weekday()], day=local.day, month=self.months[local.month - 1]
        )
        return self.when.format(day=day, time=f"{local:%H:%M}")

    def free(self, count: int) -> str:
        return self.free_times[0 if count == 1 else 1].format(count=count)


_ENGLISH = Wording(
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    long_day="{weekday} {day} {month}",
    when="{day} at {time}",
    free_times=("{count} free time", "{count} free times"),
)

_SPANISH = Wording(
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    months=(
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    long_day="{weekday} {day} de {month}",
    when="{day} a las {time}",
    free_times=("{count} hueco libre", "{count} huecos libres"),
)

_WORDINGS = {"en": _ENGLISH, "es": _SPANISH}


def wording(language: str) -> Wording:
    """The words for a BCP 47 tag; English for a language we have none for."""
    return _WORDINGS.get(language.partition("-")[0].lower(), _ENGLISH)


def short_title(text: str) -> str:
    """``text`` cut to what a row can show."""
    return text if len(text) <= MAX_TITLE else text[: MAX_TITLE - 1].rstrip() + "…"


def minutes(duration: timedelta) -> str:
    """``30 min``, in every language the same."""
    return f"{int(duration.total_seconds()) // 60} min"
