"""A test that goes differently is shown as a chat with both sides from the first wrong bubble on."""

from __future__ import annotations

from flow_engine.language import read_flow
from platform_admin.authoring.trying import TriedCase, try_all
from tests.platform_admin.authoring.trying.test_trying import CASES, DEFAULTS, FLOW

GREETING = "¿En qué te ayudo?"


def tried(text: str) -> list[TriedCase]:
    program = read_flow(text, file="flow.yaml").program
    assert program is not None
    return list(try_all(text, program, CASES, DEFAULTS).cases)


def test_a_test_that_holds_has_nothing_to_compare() -> None:
    assert [case.comparison for case in tried(FLOW)] == [None] * len(tried(FLOW))


def test_both_sides_follow_what_they_share() -> None:
    failing = [case for case in tried(FLOW.replace("Corte 18", "Corte 21")) if case.comparison is not None]
    assert failing
    for case in failing:
        both = case.comparison
        assert both is not None
        assert both.common[-1].by == "customer"
        assert [said.wrong for said in both.actual].count(True) == 1
        (wrong,) = [said for said in both.actual if said.wrong]
        assert "Corte 21" in wrong.text
        assert "The" in both.message
