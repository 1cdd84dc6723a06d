from __future__ import annotations

from typing import Any

import pytest

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language import read_flow
from flow_engine.language.reading import MAX_DIAGNOSTICS
from tests.flow_engine.language.case_files import read_cases

CASES = read_cases("diagnostics.yaml")


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_a_document_is_told_all_its_faults(case: dict[str, Any]) -> None:
    document = case["document"]
    if "expand" in case:
        word, text, times = case["expand"]
        document = document.replace(word, text * times)

    reading = read_flow(document, file="flow.yaml")

    assert [str(diagnostic) for diagnostic in reading.diagnostics] == case["says"]
    has_program = case.get("program", False)
    assert reading.ok is has_program
    assert (reading.program is not None, reading.document is not None) == (has_program, has_program)


def test_a_diagnostic_without_a_hint_has_no_trailing_space() -> None:
    diagnostic = Diagnostic("F120", Severity.WARNING, "Nobody comes here.", "", "a.yaml", 3, 7)

    assert str(diagnostic) == "a.yaml:3:7 F120 Nobody comes here."
    assert diagnostic.to_json() == {
        "code": "F120",
        "severity": "warning",
        "message": "Nobody comes here.",
        "hint": "",
        "file": "a.yaml",
        "line": 3,
        "column": 7,
    }


def test_when_there_are_too_many_the_warnings_are_left_out_first() -> None:
    silent = "".join(f"  S{number}: {{ fallback: S0 }}\n" for number in range(MAX_DIAGNOSTICS + 1))

    reading = read_flow(
        f"id: many\ninitial_state: S0\nstates:\n{silent}  LAST: {{ fallback: NOWHERE }}\n", file="flow.yaml"
    )

    assert len(reading.diagnostics) == MAX_DIAGNOSTICS
    assert reading.diagnostics[-1].code == "F101"
    assert not reading.ok
    assert reading.program is None
