"""The text of an event: written for people, and read back whatever they make of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.calendar.appointment import LocalText, Service
from connectors.calendar.event_text import EventText, event_title, read_text, with_status, write_text
from connectors.state import Attendance
from tests.connectors.state.bookings import booking

CUT = Service("cut", LocalText({"es": "Corte", "en": "Haircut"}), timedelta(minutes=30))


@pytest.mark.parametrize("attendance", Attendance)
@pytest.mark.parametrize("language", ["es", "en", "es-MX", "fr"])
def test_what_is_written_is_read_back(attendance: Attendance, language: str) -> None:
    text = write_text(booking("a"), CUT, attendance, language)
    assert read_text(text) == EventText("Ana", "Niño pequeño", attendance)


@pytest.mark.parametrize("attendance", Attendance)
@pytest.mark.parametrize("language", ["es", "en"])
def test_a_status_is_replaced_where_it_stands(attendance: Attendance, language: str) -> None:
    text = "Ojo: alérgica\nSTATUS = done\nCliente: Ana"
    changed = with_status(text, attendance, language)
    assert read_text(changed).attendance is attendance
    assert [changed.splitlines()[index] for index in (0, 2)] == ["Ojo: alérgica", "Cliente: Ana"]


def test_a_status_is_added_where_there_was_none() -> None:
    assert with_status("", Attendance.NO_SHOW, "es") == "Estado: no vino"
    assert with_status("llamar antes", Attendance.ATTENDED, "en") == "Status: attended\nllamar antes"


def test_a_title_says_what_and_who() -> None:
    assert event_title(booking("a"), CUT, "es") == "Corte · Ana"


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    read_text(text)
    read_text(f"Estado: {text}\n<b>{text}")


@given(st.text(max_size=200), st.sampled_from(Attendance), st.sampled_from(["es", "en"]))
def test_a_status_written_into_any_text_is_read_back(text: str, attendance: Attendance, language: str) -> None:
    assert read_text(with_status(text, attendance, language)).attendance is attendance
