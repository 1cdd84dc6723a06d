"""A trace in plain words: every kind of entry, verdict and reason has its sentence."""

from __future__ import annotations

from dataclasses import fields
from string import Formatter
from typing import get_args

import pytest

from flow_engine.explain import BECAUSE, SENTENCES, VERDICTS, explain
from flow_engine.language.yaml_reader import read_yaml
from flow_engine.outputs.degradation import Degradation, DegradationKind
from flow_engine.trace import (
    ActionRun,
    CallFailed,
    EnteredBecause,
    OutputDegraded,
    StateEntered,
    TraceEntry,
    TransitionsTried,
    Verdict,
)
from flow_engine.vocabulary import FailureKind, JSONObject

FLOW = """\
global_transitions: [{ on_payload: menu, target: A }, { on_text: { es: [adiós], en: [bye] }, target: A }]
states:
  A:
    transitions:
      - { on_payload: yes, target: B }
      - { on_payload: no, target: A }
      - { on_payload_prefix: day_, condition: data.free, target: B }
      - { on_type: [image, video], target: C }
flows:
  ask: { global_transitions: [{ on_pattern: "[0-9]+", target: "@end" }], states: {} }
"""


@pytest.fixture
def flow() -> JSONObject:
    value = read_yaml(FLOW).value
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        (
            TransitionsTried(
                "A", (Verdict.OTHER_PAYLOAD, Verdict.OTHER_PAYLOAD, Verdict.CONDITION_FALSE, Verdict.MATCHED)
            ),
            (
                "Transition 4 of A fits: any image or video leads to C. Those before it do not: "
                "1 to 2 ('yes', 'no'): something else was tapped or typed; "
                "3 ('day_…' and if data.free): the condition does not hold."
            ),
        ),
        (TransitionsTried("A", (Verdict.MATCHED,)), "Transition 1 of A fits: 'yes' leads to B."),
        (
            TransitionsTried(None, (Verdict.OTHER_PAYLOAD, Verdict.OTHER_TEXT)),
            (
                "No transition of the whole flow fits: 1 ('menu'): something else was tapped or typed; "
                "2 (the words adiós, bye): other words were written."
            ),
        ),
        (
            TransitionsTried("ask/", (Verdict.MATCHED,)),
            "Transition 1 of the sub-flow ask fits: the pattern [0-9]+ leads to @end.",
        ),
        (StateEntered("A", EnteredBecause.FALLBACK), "A is entered: nothing fitted, and it is the fallback."),
        (ActionRun("A", 0, "send_text"), "A runs its action 1, send_text."),
        (CallFailed("c:1:0", FailureKind.RATE_LIMITED), "The call failed: rate_limited."),
        (
            OutputDegraded(0, (Degradation(DegradationKind.TITLE_CUT, "book"),)),
            "A message did not fit the channel: title cut book.",
        ),
    ],
)
def test_an_entry_is_told_in_a_sentence(flow: JSONObject, entry: TraceEntry, sentence: str) -> None:
    assert explain((entry,), flow) == (sentence,)


def test_a_trace_of_another_flow_is_still_told(flow: JSONObject) -> None:
    assert explain((TransitionsTried("GONE", (Verdict.OTHER_TYPE, Verdict.MATCHED)),), flow) == (
        "Transition 2 of GONE fits. Those before it do not: 1: the message is of another type.",
    )


def test_every_kind_of_entry_has_its_sentence() -> None:
    assert SENTENCES.keys() | {TransitionsTried, StateEntered, OutputDegraded} == set(get_args(TraceEntry.__value__))


def test_every_verdict_and_reason_has_its_words() -> None:
    assert VERDICTS.keys() == set(Verdict) - {Verdict.MATCHED}
    assert BECAUSE.keys() == set(EnteredBecause)


@pytest.mark.parametrize(("kind", "sentence"), SENTENCES.items(), ids=lambda value: getattr(value, "__name__", "words"))
def test_a_sentence_speaks_only_of_what_its_entry_has(kind: type[TraceEntry], sentence: str) -> None:
    named = {name.removeprefix("entry.") for _, name, _, _ in Formatter().parse(sentence) if name} - {"number"}
    assert named <= {field.name for field in fields(kind)}
