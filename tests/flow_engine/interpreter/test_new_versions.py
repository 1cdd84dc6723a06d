"""People in flight: what a new version of the flow means for conversations that began in an older one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flow_engine.outputs.output import Text
from flow_engine.program import Program
from flow_engine.simulation import Conversation
from flow_engine.trace_detours import StateRenamed
from flow_engine.vocabulary import JSONObject
from tests.flow_engine.normalised import program, state, text, transition
from tests.flow_engine.world import load, talk

WAIT: JSONObject = {"action": "call", "flow": "x", "inputs": {}, "outputs": {}}
ASK = state(text("ask"), transitions=[transition("@end", on_payload="done")])


def version(states: dict[str, JSONObject], **more: Any) -> Program:
    return load(program(states, initial_state="A") | more)


def sub_flow(**states: JSONObject) -> JSONObject:
    return {
        "inputs": [],
        "outputs": [],
        "initial_state": next(iter(states)),
        "states": dict(states),
        "global_transitions": [],
    }


def in_old_state() -> Conversation:
    chat = talk(
        program({"A": state(text("a"), transitions=[transition("OLD", on_payload="go")]), "OLD": state(text("old"))})
    )
    chat.say("hi")
    chat.say("go")
    return chat


def test_a_renamed_state_goes_on_under_its_new_name() -> None:
    chat = in_old_state()
    new = state(text("new"), transitions=[transition("A", on_payload="back")])
    chat.program = version({"A": state(text("a")), "NEW": new}, renamed_states={"OLD": "NEW"})
    assert chat.say("back") == (Text("a"),)
    assert StateRenamed("OLD", "NEW") in chat.trace
    assert chat.state == "A"


@pytest.mark.parametrize(
    ("moved_text", "said"),
    [
        (None, (Text("We have changed something here, so let us start again."), Text("a"))),
        ("Sorry, {{ contact.name }}.", (Text("Sorry, Ana."), Text("a"))),
        ("{{ data.nothing }}", (Text("a"),)),
    ],
    ids=["the sentence", "the flow's own text", "a text that renders empty is silence"],
)
def test_who_was_in_a_state_that_is_gone_is_told_and_starts_again(
    moved_text: str | None, said: tuple[Text, ...]
) -> None:
    chat = in_old_state()
    chat.program = version({"A": state(text("a"))}, moved_text=moved_text)
    assert chat.say("?") == said
    assert chat.state == "A"


def in_sub_flow() -> Conversation:
    chat = talk(program({"A": state(WAIT, text("after"))}) | {"flows": {"x": sub_flow(ASK=ASK)}})
    chat.say("hi")
    assert chat.state == "x/ASK"
    return chat


def test_a_state_of_a_sub_flow_is_renamed_by_its_full_name() -> None:
    chat = in_sub_flow()
    chat.program = version(
        {"A": state(WAIT, text("after"))},
        flows={"y": sub_flow(ASK=ASK), "x": sub_flow(B=ASK)},
        renamed_states={"x/ASK": "y/ASK"},
    )
    assert chat.say("done") == (Text("after"),)
    assert (chat.state, chat.snapshot.calls) == ("A", ())


def test_a_sub_flow_whose_caller_is_gone_starts_again() -> None:
    chat = in_sub_flow()
    chat.program = load(program({"B": state(text("b"))}) | {"flows": {"x": sub_flow(ASK=ASK)}})
    assert chat.say("done") == (Text("We have changed something here, so let us start again."), Text("b"))
    assert (chat.state, chat.snapshot.calls) == ("B", ())


def test_a_sub_flow_that_is_gone_starts_again_outside_of_it() -> None:
    chat = in_sub_flow()
    chat.program = load(program({"A": state(text("a"))}))
    assert chat.say("done") == (Text("We have changed something here, so let us start again."), Text("a"))
    assert (chat.state, chat.snapshot.calls) == ("A", ())


def test_a_timeout_that_the_new_version_no_longer_has_does_nothing() -> None:
    waiting = state(text("a")) | {"timeout": {"after": 60, "at": None, "target": "A", "set_data": {}}}
    chat = talk(program({"A": waiting}))
    chat.say("hi")
    chat.program = load(program({"A": state(text("a"))}))
    assert chat.wait(timedelta(hours=1)) == ()
    assert (chat.state, chat.snapshot.timers) == ("A", {})
