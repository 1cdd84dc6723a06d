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


@pytest.mark.parametrize("row", read_table("remedies.yaml"))
def test_what_no_script_answers_is_told_with_the_lines_that_answer_it(row: dict[str, Any]) -> None:
    mismatch = play(row["case"]).mismatch

    assert mismatch is not None
    assert mismatch.remedy == row["remedy"]


def test_the_lines_of_a_remedy_answer_the_call_when_pasted_into_the_case() -> None:
    steps = "steps: [{ say: hi }, { say: Why }, { tap: Book }]\n"
    question = play(steps).mismatch
    assert question is not None
    scripts = question.remedy.partition("\n\n")[2]
    call = play(scripts + steps).mismatch
    assert call is not None
    scripts += call.remedy.partition("\n\n")[2]

    assert play(scripts + steps).passed
