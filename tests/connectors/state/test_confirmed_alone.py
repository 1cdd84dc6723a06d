"""A customer is told of an appointment from a confirmed row of the ledger, and nobody else can make that value."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import connectors
from connectors.calendar.port import CalendarConnector
from connectors.calendar.rendering import Rendering

ROOT = Path(connectors.__file__).parents[1]

MAKERS = {
    "connectors/state/moves.py",
    "connectors/state/in_memory.py",
    "runtime/store/sqlite/appointments.py",
    "connectors/calendar/ledgered.py",
}
"""The ledgers, and the one that hands their rows on. The value itself refuses a row that is not confirmed."""


def test_only_ledgers_make_a_confirmed_appointment() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("connectors", "runtime", "platform_admin", "flow_engine")
        for path in (ROOT / package).rglob("*.py")
        if any(_makes_one(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == MAKERS


def test_a_booking_is_shown_from_nothing_else() -> None:
    assert inspect.signature(Rendering.booking).parameters["appointment"].annotation == "ConfirmedAppointment"
    for verb in ("book_appointment", "reschedule_appointment", "mark_appointment"):
        assert inspect.signature(getattr(CalendarConnector, verb)).return_annotation == "ConfirmedAppointment"


def _makes_one(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ConfirmedAppointment"
