"""For any sequence of events: no exception, the same step every time, no limit broken, a snapshot that survives."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flow_engine.events import Event
from flow_engine.language import FlowDocument, normalise, read_flow
from flow_engine.vocabulary import JSONObject
from tests.flow_engine.hairdresser import CALENDAR, HAIRDRESSER
from tests.flow_engine.interpreter.robustness import check_sequence
from tests.flow_engine.normalised import cancel, dynamic_options, invoke, program, schedule, state, text, transition
from tests.flow_engine.strategies import events, json_values, texts
from tests.flow_engine.world import load

TANGLE: JSONObject = program(
    {
        "A": state(
            invoke("c", "op", result_key="r", v="{{data.r}}"),
            dynamic_options("r", "{{data.r}}", empty_text="{{data.none}}"),
            fallback="B",
            llm_fallback=True,
            transitions=[
                transition("B", on_payload_prefix="", extract_suffix_as="s", set_data={"r": "{{data.r}}{{data.s}}"}),
                transition("A", condition="data.r > 3"),
            ],
        ),
        "B": state(
            dynamic_options("r", "x"),
            schedule("t", "{{data.s}}", run_at="{{data.r}}"),
            cancel("{{data.s}}"),
            invoke("c", "op"),
            fallback="C",
        ),
        "C": state(*[text("{{data.r}}") for _ in range(30)], fallback="A"),
    },
    global_transitions=[transition("C", on_type=["audio"]), transition("A", on_payload="menu")],
    tasks={"t": [invoke("c", "op", result_key="r"), dynamic_options("r", "x"), text("{{data.r}}")]},
)
"""A flow made to misbehave: states that fall into each other, calls everywhere, results used as anything."""

LABYRINTH = normalise(
    FlowDocument.model_validate(
        yaml.safe_load((Path(__file__).parent / "cases" / "labyrinth.yaml").read_text(encoding="utf-8"))
    )
)
"""By its shape alone: the rules would refuse most of it."""

SHIPPED = read_flow(
    (Path(__file__).parents[3] / "flows" / "peluqueria_flow.yaml").read_text(encoding="utf-8"),
    file="peluqueria_flow.yaml",
)
assert SHIPPED.program is not None, SHIPPED.diagnostics

PROGRAMS = {
    "hairdresser": load(HAIRDRESSER, llm_enabled=True),
    "peluqueria": load(SHIPPED.program, llm_enabled=True, language="es"),
    "labyrinth": load(LABYRINTH, llm_enabled=True),
    "labyrinth without an LLM": load(LABYRINTH),
    "tangle": load(TANGLE, llm_enabled=True),
}
WORDS = st.sampled_from(["book", "yes", "1", "2", "menu", "MENU_book", "wednesday 4", "", "back_to_menu"]) | texts
PAYLOADS = (
    st.sampled_from(["menu_book", "menu_cancel", "service_cut", "day_2026-03-04", "slot_10:00", "yes", "no", "menu"])
    | st.sampled_from(["help", "more", "back", "restart", "return", "end", "x", "up", "1", "2"])
    | st.sampled_from(["confirm_yes", "confirm_change", "back_to_menu", "appt_1", "cancel_yes", "menu_appointments"])
    | texts
)
RESULTS = st.sampled_from(list(CALENDAR.values())) | json_values
EVENTS = events(WORDS, PAYLOADS, st.sampled_from(["reminder", "t", "gone"]), st.sampled_from(["", "x"]), RESULTS)


@pytest.mark.parametrize("name", sorted(PROGRAMS))
@settings(max_examples=150, deadline=None)
@given(sequence=st.lists(EVENTS, max_size=12), channel=st.sampled_from(["whatsapp", "http_dev", "sms"]))
def test_any_sequence_of_events(name: str, sequence: list[Event], channel: str) -> None:
    check_sequence(PROGRAMS[name], sequence, channel)
