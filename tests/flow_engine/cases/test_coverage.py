"""What of a flow its cases have walked."""

from __future__ import annotations

from flow_engine.cases.coverage import FlowCoverage, measure
from flow_engine.language.yaml_reader import read_yaml
from flow_engine.trace import EnteredBecause, StateEntered, TransitionsTried, Verdict
from flow_engine.trace_answers import AnswerKept
from flow_engine.trace_detours import FlowCalled, FlowReturned, TimerRang
from tests.flow_engine.cases.shop import SHOP, play

SUB_FLOWS = """\
states:
  A:
    collect: { type: text, target: B, on_max_tries: C }
    timeout: { after: 30m, target: C }
  B: {}
  C: {}
flows:
  ask:
    global_transitions: [{ on_payload: stop, target: Q }]
    states:
      Q:
        timeout: { after: 1h, target: Q }
        transitions: [{ on_text: [yes, sure], target: "@end" }]
"""


def coverage_of(text: str) -> FlowCoverage:
    source = read_yaml(text)
    return measure("flow.yaml", source.value, source.locations)


def test_nothing_is_walked_at_first() -> None:
    coverage = coverage_of(SHOP)

    assert [(part.name, part.line) for part in coverage.missing_states] == [
        ("MENU", 6),
        ("BOOK", 18),
        ("UNDO", 36),
        ("BYE", 41),
    ]
    assert [(part.name, part.line) for part in coverage.missing_transitions] == [
        ("global: 'menu' → MENU", 4),
        ("MENU: 'book' → BOOK", 14),
        ("MENU: 'bye' → BYE", 15),
        ("MENU: any image → BYE", 16),
        ("BOOK: 'undo' → UNDO", 34),
    ]
    assert (coverage.states_percent, coverage.transitions_percent) == (0.0, 0.0)


def test_what_a_case_walks_counts_once_however_often() -> None:
    coverage = coverage_of(SHOP)

    for _ in range(2):
        coverage.add(play("steps: [{ say: hi }, { tap: Bye }, { say: menu }]").trace)

    assert [part.name for part in coverage.missing_states] == ["BOOK", "UNDO"]
    assert [part.name for part in coverage.missing_transitions] == [
        "MENU: 'book' → BOOK",
        "MENU: any image → BYE",
        "BOOK: 'undo' → UNDO",
    ]
    assert (coverage.states_percent, coverage.transitions_percent) == (50.0, 40.0)


def test_the_ways_out_of_questions_and_sub_flows_count_too() -> None:
    coverage = coverage_of(SUB_FLOWS)

    assert [(part.name, part.line) for part in coverage.missing_transitions] == [
        ("A: an answer is collected", 3),
        ("A: too many tries", 3),
        ("A: no answer in time", 4),
        ("ask/: 'stop' → Q", 9),
        ("ask/Q: no answer in time", 12),
        ("ask/Q: the words yes, sure → @end", 13),
    ]


def test_a_way_counts_for_the_state_the_conversation_is_in() -> None:
    coverage = coverage_of(SUB_FLOWS)

    coverage.add(
        (
            StateEntered("A", EnteredBecause.START),
            FlowCalled("ask"),
            StateEntered("ask/Q", EnteredBecause.CALL),
            TimerRang("timeout"),
            TransitionsTried("ask/", (Verdict.MATCHED,)),
            FlowReturned("ask"),
            AnswerKept("name"),
            StateEntered("C", EnteredBecause.TRIES),
        )
    )

    assert [part.name for part in coverage.missing_transitions] == [
        "A: no answer in time",
        "ask/Q: the words yes, sure → @end",
    ]


def test_a_flow_without_transitions_is_wholly_walked() -> None:
    assert coverage_of("states: {}").transitions_percent == 100.0
