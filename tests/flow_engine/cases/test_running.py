"""What a case finds right and wrong: the table in runs.yaml."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flow_engine.cases.case_files import read_table
from tests.flow_engine.cases.shop import play


@pytest.mark.parametrize("row", read_table("runs.yaml"))
def test_a_case_is_judged(row: dict[str, Any]) -> None:
    mismatch = play(row["case"]).mismatch

    assert row.get("fails") == (
        None
        if mismatch is None
        else {
            "line": mismatch.place.line,
            "message": mismatch.message,
            "expected": mismatch.expected,
            "actual": mismatch.actual,
            "bubble": mismatch.bubble,
        }
    )


def test_the_chat_ends_with_the_first_wrong_bubble() -> None:
    result = play("steps: [{ say: hi }, { tap: Bye, bot: [Ciao.] }, { say: never said }]")

    assert [(line.by, line.text, line.wrong) for line in result.chat] == [
        ("customer", "hi", False),
        ("bot", "Hello!", False),
        ("customer", "[Bye]", False),
        ("bot", "Bye.", True),
    ]


def test_a_missing_bubble_stands_in_the_chat_as_nothing() -> None:
    result = play("steps: [{ say: hi }, { send: { type: reaction }, bot: [Thanks!] }]")

    assert [(line.by, line.text, line.wrong) for line in result.chat][-2:] == [
        ("customer", "(reaction)", False),
        ("bot", "(nothing)", True),
    ]
