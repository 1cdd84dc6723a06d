"""What stands in an event for the people of the business, and reading it back after they have edited it.

::

    Cliente: Ana
    Servicio: Corte
    Estado: por confirmar

    Niño pequeño

Anything may have been done to it: lines moved, labels in capitals or in the other language, accents left out, HTML
made of it by the provider's editor, other lines added. What cannot be read means nothing.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from connectors.calendar.appointment import Service
from connectors.state import Attendance, Booking

_LABELS = {
    "en": ("Customer", "Service", "Status"),
    "es": ("Cliente", "Servicio", "Estado"),
}

_STATUS = {
    "en": {
        Attendance.OPEN: "to be confirmed",
        Attendance.EXPECTED: "confirmed",
        Attendance.ATTENDED: "attended",
        Attendance.NO_SHOW: "no-show",
    },
    "es": {
        Attendance.OPEN: "por confirmar",
        Attendance.EXPECTED: "confirmada",
        Attendance.ATTENDED: "asistió",
        Attendance.NO_SHOW: "no vino",
    },
}

_NAME_LABELS = frozenset({"customer", "client", "cliente", "name", "nombre"})
_SERVICE_LABELS = frozenset({"service", "servicio"})
_STATUS_LABELS = frozenset({"status", "state", "estado"})

_READ_AS = (
    (
        Attendance.NO_SHOW,
        re.compile(r"no[- ]?shows?|no (vino|ha venido|asistio|aparecio)|did ?n.?t (come|show)|ausente"),
    ),
    (Attendance.OPEN, re.compile(r"to be confirmed|(por|sin) confirmar|pendiente|pending|open|unconfirmed")),
    (Attendance.ATTENDED, re.compile(r"attended|asistio|vino|ha venido|came|done|hech[oa]|atendid[oa]")),
    (Attendance.EXPECTED, re.compile(r"confirm(ed|ada|ado|a)?|viene|vendra|will come|coming")),
)
"""In this order: "no vino" holds "vino", and "sin confirmar" holds "confirmar"."""

_BREAKS = re.compile(r"(?i)<\s*(br|/p|/div|/li)\s*/?>")
_TAGS = re.compile(r"<[^<>]{0,200}>")
_LINE = re.compile(r"^[\s*•·\-–]{0,8}([^\W\d_]{2,20})\s*[:=：]\s*(.*)$")
MAX_TEXT = 8_000
"""Characters that are read; a provider's own limit is about this."""


@dataclass(frozen=True, slots=True)
class EventText:
    """What people are told or wrote. ``attendance`` is ``None`` where no status can be read."""

    contact_name: str = ""
    notes: str = ""
    attendance: Attendance | None = None


def event_title(booking: Booking, service: Service, language: str) -> str:
    """``Corte · Ana``."""
    title = service.title.in_language(language)
    return f"{title} · {booking.contact_name}" if booking.contact_name else title


def write_text(booking: Booking, service: Service, attendance: Attendance, language: str) -> str:
    """The text of a new event."""
    base = _base(language)
    customer, offered, status = _LABELS[base]
    lines = [f"{customer}: {_one_line(booking.contact_name) or '-'}"]
    lines.append(f"{offered}: {_one_line(service.title.in_language(language))}")
    lines.append(f"{status}: {_STATUS[base][attendance]}")
    return "\n".join([*lines, "", booking.notes]).rstrip()


def with_status(text: str, attendance: Attendance, language: str) -> str:
    """``text`` with its status replaced, or added, and everything else as people left it."""
    base = _base(language)
    line = f"{_LABELS[base][2]}: {_STATUS[base][attendance]}"
    lines = _lines(text)
    for index, found in enumerate(lines):
        if _labelled(found)[0] in _STATUS_LABELS:
            lines[index] = line
            return "\n".join(lines)
    return "\n".join([line, *lines]).rstrip()


def read_text(text: str) -> EventText:
    """What can be read of it. Total: any text gives a value."""
    name, attendance = "", None
    notes: list[str] = []
    for line in _lines(text[:MAX_TEXT]):
        label, value = _labelled(line)
        if label in _NAME_LABELS:
            name = name or ("" if value == "-" else value)
        elif label in _STATUS_LABELS:
            attendance = attendance or _status(value)
        elif label not in _SERVICE_LABELS:
            notes.append(line)
    return EventText(name, "\n".join(notes).strip(), attendance)


def _status(value: str) -> Attendance | None:
    plain = _plain(value)
    return next((attendance for attendance, words in _READ_AS if words.search(plain)), None)


def _lines(text: str) -> list[str]:
    plain = html.unescape(_TAGS.sub("", _BREAKS.sub("\n", text)))
    return [line.rstrip() for line in plain.replace("\r\n", "\n").replace("\xa0", " ").split("\n")]


def _labelled(line: str) -> tuple[str, str]:
    match = _LINE.match(line)
    return (_plain(match[1]), match[2].strip()) if match else ("", "")


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character)).strip()


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _base(language: str) -> str:
    base = language.partition("-")[0].lower()
    return base if base in _LABELS else "en"
