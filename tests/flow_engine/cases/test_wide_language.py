"""Everything of the language that a case can look at, in a flow of its own; and cases made of anything."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from flow_engine.cases import assemble, program_settings, read_case, run_case
from flow_engine.cases.reading import CASE_KEYS
from flow_engine.cases.reading_steps import BUBBLE_KEYS, EXPECTATION_KEYS
from flow_engine.cases.writing import write_document
from flow_engine.cli.main import main
from flow_engine.language import read_flow
from flow_engine.program import load_program
from flow_engine.vocabulary import JSON
from tests.flow_engine.cases.shop import SETTINGS, SHOP

WIDE = Path(__file__).parent / "wide"
FLOW = read_flow(SHOP, file="shop.yaml").program

SCALARS: st.SearchStrategy[JSON] = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**6)
    | st.sampled_from(["hi", "Book", "book", "", "2h", "2026-11-24T09:00"])
)
VALUES: st.SearchStrategy[JSON] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(BUBBLE_KEYS), inner, max_size=3),
)
VERBS = st.sampled_from(["say", "tap", "old_tap", "send", "wait", "clock", "run_task", "resume"])
LIKELY: st.SearchStrategy[JSON] = st.sampled_from(
    [
        {"say": "hi"},
        {"tap": "Book"},
        {"tap": "Undo"},
        {"old_tap": "Bye"},
        {"wait": "2d", "bot": [{}]},
        {"clock": "2026-12-01T09:00", "effects": []},
        {"run_task": "reminder"},
        {"resume": True},
        {"send": {"type": "image", "payload": "menu", "content": {"x": [1]}}},
    ]
)
STEPS = LIKELY | st.builds(
    lambda verb, value, more: {**more, verb: value},
    VERBS,
    VALUES,
    st.dictionaries(st.sampled_from(EXPECTATION_KEYS), VALUES, max_size=2),
)


def test_cases_reach_all_of_a_flow_with_every_construct() -> None:
    assert main(["test", str(WIDE), "--fail-states", "100", "--fail-transitions", "100"]) == 0


@given(st.dictionaries(st.sampled_from(CASE_KEYS), VALUES, max_size=3), st.lists(STEPS, max_size=5))
def test_whatever_a_case_says_it_is_a_verdict_or_faults(case: dict[str, JSON], steps: list[JSON]) -> None:
    reading = read_case(write_document({**case, "steps": steps}), file="case.yaml")

    if reading.case is None:
        assert reading.diagnostics
        return
    assert FLOW is not None
    assembled = assemble(reading.case, (), SETTINGS)
    run_case(assembled, load_program(FLOW, program_settings(SETTINGS)))
