"""Sub-flows, interruptions, timers, pauses and the rest of what leads around: the cases are in ``cases/``."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from flow_engine.effects import CancelTimer, Effect, HandOff, RecordOutcome, StartTimer
from flow_engine.language import FlowDocument, normalise
from flow_engine.outputs.output import Buttons, OptionList, Output, Text
from flow_engine.simulation import Conversation
from flow_engine.trace import LimitReached
from flow_engine.vocabulary import AnswerOutcome, FailureKind
from tests.flow_engine.world import MONDAY, World, load


class _Cases(yaml.SafeLoader):
    """YAML with ``!failure kind`` for a call that fails."""


_Cases.add_constructor("!failure", lambda _loader, node: FailureKind(node.value))

CASES = yaml.load((Path(__file__).parent / "cases" / "control_flow.yaml").read_text(encoding="utf-8"), _Cases)  # noqa: S506  # a safe loader with one tag more
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_chat(case: dict[str, Any]) -> None:
    # By the document's shape alone: the engine must bear loops that today's rules would refuse.
    normalised = normalise(FlowDocument.model_validate(case["flow"]))
    llm = case.get("llm")
    world = World(case.get("answers"), (AnswerOutcome.ANSWERED, llm or ""))
    program = load(normalised, llm_enabled=llm is not None)
    chat = Conversation(program, world.perform, MONDAY, channel="whatsapp", contact_id="ana", name="Ana")
    for step in case["steps"]:
        world.others.clear()
        replies = happen(chat, step)
        assert [said(output) for output in replies] == step["bot"], step
        check(chat, world, step)


def happen(chat: Conversation, step: dict[str, Any]) -> tuple[Output, ...]:
    match step:
        case {"say": str(words)}:
            return chat.say(words)
        case {"wait": str(span)}:
            amount, unit = re.fullmatch(r"(\d+)([mhd])", span).groups()  # type: ignore[union-attr]  # ours
            return chat.wait(timedelta(**{UNITS[unit]: int(amount)}))
        case {"resume": True}:
            return chat.resume()
        case _:
            raise ValueError(step)


def check(chat: Conversation, world: World, step: dict[str, Any]) -> None:
    if "state" in step:
        assert chat.state == step["state"], step
    if "data" in step:
        assert chat.data == step["data"], step
    if "effects" in step:
        assert [written(effect) for effect in world.others] == step["effects"], step
    if "questions" in step:
        assert [f"{asked.language}: {asked.question}" for asked in world.questions] == step["questions"], step
    if "limits" in step:
        assert [entry.limit for entry in chat.trace if isinstance(entry, LimitReached)] == step["limits"], step


def said(output: Output) -> str:
    assert isinstance(output, Text | Buttons | OptionList)
    return output.body


def written(effect: Effect) -> str:
    match effect:
        case StartTimer():
            return f"start {effect.timer} {effect.run_at.isoformat()}"
        case CancelTimer():
            return f"cancel {effect.timer}"
        case HandOff():
            return f"hand off: {effect.reason}, {effect.resume_after_s}"
        case RecordOutcome():
            return f"outcome {effect.outcome} {effect.value}"
        case _:
            raise ValueError(effect)
