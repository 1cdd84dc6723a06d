"""Any flow that passes ``check``, and any sequence of events: a short run for every change, a long one now and then."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flow_engine.events import Event
from flow_engine.language import read_flow
from flow_engine.vocabulary import JSON, JSONObject
from tests.flow_engine.flow_documents import KEYWORDS, PAYLOADS, TASKS, documents
from tests.flow_engine.interpreter.robustness import TAP, check_sequence
from tests.flow_engine.strategies import events, json_values, texts
from tests.flow_engine.world import load

CHANNELS = ("whatsapp", "http_dev", "telegram", "sms")
"""The last has no profile of its own and so no buttons."""

TAPS = [f"{TAP}{number}" for number in range(4)]
ANSWERS = (
    "tomorrow at 5",
    "31/02",
    "12",
    "1.234,50",
    "ana@example.com",
    "+34 600 000 000",
    "half past ten",
    "yes",
    "Yes",
)
OFFERED: list[JSON] = [{"id": payload, "title": payload.title()} for payload in PAYLOADS]
MANY_OFFERED: list[JSON] = [{"id": f"day_{n}", "title": f"Day {n}", "description": "free"} for n in range(25)]
RESULTS = json_values | st.sampled_from([OFFERED, MANY_OFFERED])
EVENTS = events(
    st.sampled_from((*KEYWORDS, *ANSWERS, "order 12", "1", "")) | texts,
    st.sampled_from(TAPS) | st.sampled_from((*TAPS, *PAYLOADS, "p1~1", "day_1~2", "@more", "@no~1", "@=5")) | texts,
    st.sampled_from((*TASKS, "gone")),
    st.sampled_from(("", "x")),
    RESULTS,
)


def check_any(document: JSONObject, sequence: list[Event], channel: str, *, llm: bool) -> None:
    reading = read_flow(json.dumps(document, ensure_ascii=False), file="any.yaml")
    assume(reading.ok)
    assert reading.program is not None
    check_sequence(load(reading.program, llm_enabled=llm), sequence, channel)


@pytest.mark.parametrize("channel", CHANNELS)
@settings(max_examples=25)
@given(document=documents, sequence=st.lists(EVENTS, max_size=8), llm=st.booleans())
def test_any_flow_with_any_events(channel: str, document: JSONObject, sequence: list[Event], llm: bool) -> None:
    check_any(document, sequence, channel, llm=llm)


@pytest.mark.long
@pytest.mark.parametrize("channel", CHANNELS)
@given(document=documents, sequence=st.lists(EVENTS, max_size=20), llm=st.booleans())
def test_many_flows_with_many_events(channel: str, document: JSONObject, sequence: list[Event], llm: bool) -> None:
    check_any(document, sequence, channel, llm=llm)
