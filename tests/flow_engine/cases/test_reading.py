"""Reading a case: everything wrong with it at once, where it is and what to do (faults.yaml)."""

from __future__ import annotations

from typing import Any

import pytest

from flow_engine.cases import read_case, read_case_bytes
from tests.flow_engine.cases.case_files import read_table


@pytest.mark.parametrize("row", read_table("faults.yaml"))
def test_a_fault_is_told_with_its_place(row: dict[str, Any]) -> None:
    reading = read_case(row["text"], file="f")

    assert reading.case is None
    assert [str(fault).removeprefix("f:") for fault in reading.diagnostics] == row["faults"]


def test_bytes_that_are_no_text_are_a_fault() -> None:
    reading = read_case_bytes("description: peluquería".encode("latin-1"), file="f")

    assert [fault.code for fault in reading.diagnostics] == ["F001"]


def test_a_text_alone_and_its_mapping_are_the_same_expectation() -> None:
    reading = read_case("steps: [{ say: hi, bot: [Hello, { text: Hello }] }]", file="f")

    assert reading.case is not None
    short, long = reading.case.steps[0].bot or ()
    assert (short.text, short.short) == (long.text, True)
    assert long.short is False
