"""A text that is being typed is judged as one that is read for the first time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from flow_engine.language.reading import judge
from flow_engine.language.rejudge import Rejudge
from flow_engine.language.yaml_reader import YAMLReading, read_yaml
from flow_engine.validation import check
from flow_engine.validation.recheck import Recheck
from flow_engine.vocabulary import JSON

FLOW: Final = read_yaml((Path(__file__).parents[3] / "flows" / "peluqueria_flow.yaml").read_text(encoding="utf-8"))

# What becomes of one step, with the others the same objects as before.
STEPS: Final[dict[str, JSON]] = {
    "a step that says something": {"on_enter": [{"action": "send_text", "text": "Hola"}], "fallback": "BIENVENIDA"},
    "a text that is a number": {"on_enter": [{"action": "send_text", "text": 1}], "fallback": "BIENVENIDA"},
    "an unknown key": {"on_entre": [], "fallback": "BIENVENIDA"},
    "an unknown action": {"on_enter": [{"action": "shout"}], "fallback": "BIENVENIDA"},
    "no step at all": None,
}


def changed(source: YAMLReading, step: JSON) -> YAMLReading:
    assert isinstance(source.value, dict)
    states = source.value["states"]
    assert isinstance(states, dict)
    return replace(source, value={**source.value, "states": {**states, "INFORMACION": step}})


def judged(source: YAMLReading) -> object:
    return judge(source, file="main.yaml", rules=check).diagnostics


@pytest.mark.parametrize("first", STEPS.values(), ids=STEPS)
@pytest.mark.parametrize("then", STEPS.values(), ids=STEPS)
def test_it_tells_what_a_first_reading_would(first: JSON, then: JSON) -> None:
    rejudge = Rejudge(Recheck())
    for source in (FLOW, changed(FLOW, first), changed(FLOW, then), FLOW):
        assert rejudge.diagnostics(source, "main.yaml") == judged(source)


@pytest.mark.parametrize("text", ["states: [\n", "states: {}\n", "id: x\n", "- a\n", ""])
def test_a_text_that_is_no_conversation_is_told_as_such(text: str) -> None:
    rejudge = Rejudge(Recheck())
    rejudge.diagnostics(FLOW, "main.yaml")
    assert rejudge.diagnostics(read_yaml(text), "main.yaml") == judged(read_yaml(text))
