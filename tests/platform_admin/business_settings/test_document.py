from __future__ import annotations

from typing import Any

import pytest

from platform_admin.business.reading import check_business, read_business_file

SOUND = """\
name: Peluquería Luna
hours: {mon: ["10:00-14:00", "17:00-21:00"], sat: ["10:00-24:00"]}
special_days: [{date: 2026-12-24, hours: ["10:00-13:00"], name: Nochebuena}, {date: 2026-12-31}]
holidays: [2026-12-25]
services: [{id: corte, name: Corte, minutes: 30, price: 18 €, staff: [ana]}, {id: color, name: Color, minutes: 90}]
staff: [{id: ana, name: Ana, calendar_id: ana@example.org, hours: {mon: ["10:00-14:00"]}}]
parking: in the street
"""


def test_a_sound_document_is_kept_as_it_was_written() -> None:
    reading = read_business_file(SOUND, file="business.yaml")
    assert reading.faults == ()
    assert reading.document is not None
    plain = reading.document.to_json()
    assert plain["holidays"] == ["2026-12-25"]
    assert plain["parking"] == "in the street"
    assert plain["services"] == [
        {"id": "corte", "name": "Corte", "minutes": 30, "price": "18 €", "staff": ["ana"]},
        {"id": "color", "name": "Color", "minutes": 90},
    ]
    assert "phone" not in plain
    assert check_business(plain).document == reading.document


FAULTS: list[tuple[str, Any, str]] = [
    ("hours that end before they begin", {"hours": {"mon": ["14:00-10:00"]}}, "14:00-10:00 ends before it begins."),
    ("hours that overlap", {"hours": {"mon": ["10:00-14:00", "13:00-15:00"]}}, "The hours overlap at 13:00"),
    ("a day that is none", {"hours": {"lun": ["10:00-14:00"]}}, "hours.lun must be one of mon, tue"),
    ("a time that is none", {"hours": {"mon": ["10-14"]}}, "hours.mon.0 must be a span such as 10:00-14:00."),
    ("a time after midnight", {"hours": {"mon": ["10:00-25:00"]}}, "hours.mon.0 must be a span"),
    ("a date that is none", {"holidays": ["25 December"]}, "holidays.0 must be a date such as 2026-12-25."),
    ("a service of no time", {"services": [{"id": "a", "name": "A", "minutes": 0}]}, "services.0.minutes must be 5 or"),
    ("a service without a name", {"services": [{"id": "a", "minutes": 30}]}, "services.0.name is missing."),
    (
        "two services of one id",
        {"services": [{"id": "a", "name": "A", "minutes": 30}, {"id": "a", "name": "B", "minutes": 30}]},
        "the service a is there twice",
    ),
    (
        "somebody who is not there",
        {"services": [{"id": "a", "name": "Cut", "minutes": 30, "staff": ["eva"]}]},
        "Cut is done by eva, who is not on the staff.",
    ),
    (
        "a holiday with hours",
        {"holidays": ["2026-12-24"], "special_days": [{"date": "2026-12-24", "hours": ["10:00-12:00"]}]},
        "2026-12-24 is both a holiday and a day with hours of its own.",
    ),
    ("a word that is unknown", {"staff": [{"id": "a", "name": "A", "nick": "x"}]}, "staff.0.nick is not known here."),
    ("no mapping", [], "The document must be a mapping."),
]


@pytest.mark.parametrize(("case", "document", "message"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_fault_is_told_in_words(case: str, document: Any, message: str) -> None:
    reading = check_business(document)
    assert reading.document is None
    assert [fault.message.startswith(message) or message in fault.message for fault in reading.faults] == [True]


def test_a_fault_stands_where_it_was_written() -> None:
    (fault,) = read_business_file("name: Luna\nhours:\n  mon: ['10-14']\n", file="b.yaml").faults
    assert str(fault).startswith("b.yaml:3:")
