"""For any sequence of events: no exception, the same step every time, no limit broken, a snapshot that survives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flow_engine import limits
from flow_engine.conversation_codec import decode_state, encode_state
from flow_engine.conversation_state import ConversationState
from flow_engine.effects import CancelTimer, SendMessage, StartTimer
from flow_engine.events import ConnectorFailed, ConnectorReplied, Event, LLMAnswered, TimerFired
from flow_engine.interpreter import Step, advance, start
from flow_engine.language import FlowDocument, normalise, read_flow
from flow_engine.program import Program
from flow_engine.trace import encode_trace
from flow_engine.vocabulary import JSONObject, Timer
from tests.flow_engine.hairdresser import CALENDAR, HAIRDRESSER
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

MAX_TIMER_EFFECTS = 23
"""One each for the timers that are set when a step ends, and one for every hand-off of a bounded number of actions."""

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


def answering(event: Event, snapshot: ConversationState) -> Event:
    """The same event, as what the conversation waits for if it is an answer or a timer at all."""
    awaited = snapshot.waiting.call.id if snapshot.waiting else None
    match event:
        case ConnectorReplied() if awaited is not None:
            return ConnectorReplied(event.at, awaited, event.result)
        case ConnectorFailed() if awaited is not None:
            return ConnectorFailed(event.at, awaited, event.kind, event.detail)
        case LLMAnswered() if awaited is not None:
            return LLMAnswered(event.at, awaited, event.outcome, event.text)
        case TimerFired() if event.timer in snapshot.timers:
            return TimerFired(event.at, event.timer, snapshot.timers[event.timer])
        case _:
            return event


@pytest.mark.parametrize("name", sorted(PROGRAMS))
@settings(max_examples=150, deadline=None)
@given(sequence=st.lists(EVENTS, max_size=12), channel=st.sampled_from(["whatsapp", "http_dev", "sms"]))
def test_any_sequence_of_events(name: str, sequence: list[Event], channel: str) -> None:
    flow = PROGRAMS[name]
    snapshot = start(f"{channel}:ana", channel, "ana")
    seen: set[str] = set()
    for event in sequence:
        given_event = answering(event, snapshot)
        step = advance(flow, snapshot, given_event)
        assert advance(flow, snapshot, given_event) == step
        check_step(flow, step)
        new = {effect.id for effect in step.effects}
        assert len(new) == len(step.effects)
        assert seen.isdisjoint(new)
        seen |= new
        read = decode_state(json.loads(json.dumps(encode_state(step.snapshot))))
        assert read == step.snapshot
        snapshot = read


def check_step(flow: Program, step: Step) -> None:
    sent = [effect for effect in step.effects if isinstance(effect, SendMessage)]
    assert len(sent) <= limits.MAX_MESSAGES_PER_STEP + 1 + limits.GUARD_ALLOWANCE
    timers = sum(isinstance(effect, StartTimer | CancelTimer) for effect in step.effects)
    assert len(step.effects) - timers <= limits.MAX_EFFECTS_PER_TURN + 1 + limits.GUARD_ALLOWANCE
    assert timers <= MAX_TIMER_EFFECTS
    assert len(step.snapshot.calls) <= limits.MAX_NESTED_CALLS
    assert len(step.snapshot.history) <= limits.MAX_HISTORY
    assert step.snapshot.timers.keys() <= set(Timer)
    assert step.snapshot.state is None or step.snapshot.state in flow.states
    assert not {"today", "now"} & set(step.snapshot.data)
    json.dumps([encode_trace(entry) for entry in step.trace])
