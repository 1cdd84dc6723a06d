"""Waiting for a connector, going on with its answer, and living with a failure or a lost answer."""

from __future__ import annotations

import pytest

from flow_engine.effects import CallConnector
from flow_engine.events import ConnectorFailed, ConnectorReplied, Event, LLMAnswered, MessageReceived
from flow_engine.interpreter import advance
from flow_engine.outputs.output import Text
from flow_engine.simulation import Conversation
from flow_engine.trace import AnswerIgnored, CallFailed, EnteredBecause, StateEntered, WaitCancelled
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind, JSONObject, MessageType
from tests.flow_engine.normalised import buttons, dynamic_options, invoke, program, state, text, transition
from tests.flow_engine.spoken import spoken
from tests.flow_engine.world import MONDAY, World, load, talk

PROBLEM = Text("Something went wrong on our side. Please try again in a moment.")

TWO_CALLS: JSONObject = program(
    {
        "A": state(
            text("one moment"),
            invoke("shop", "first", result_key="first", nested={"day": ["{{data.today}}", 2]}),
            invoke("shop", "second", number="{{data.first}}"),
            text("first was {{data.first}}"),
            transitions=[transition("B", on_payload="x")],
        ),
        "B": state(text("b")),
    }
)


MOVED = Text("We have changed something here, so let us start again.")


def test_a_list_goes_on_after_each_call_with_its_result() -> None:
    world = World({"first": 7, "second": {"dropped": True}})
    chat = talk(TWO_CALLS, world)
    assert chat.say("hello") == (Text("one moment"), Text("first was 7"))
    assert [(call.id, call.connector, call.operation, call.params) for call in world.calls] == [
        ("whatsapp:ana:1:1", "shop", "first", {"nested": {"day": ["2026-03-02", 2]}}),
        ("whatsapp:ana:1:2", "shop", "second", {"number": 7}),
    ]
    assert chat.data == {"first": 7}
    assert chat.snapshot.waiting is None


def waiting_chat() -> Conversation:
    """A conversation whose call was lost on the way."""
    chat = Conversation(load(TWO_CALLS), lambda _effect: None, MONDAY, channel="whatsapp", contact_id="ana")
    chat.say("hello")
    assert chat.snapshot.waiting is not None
    return chat


def test_the_snapshot_of_a_waiting_conversation_holds_the_call_to_repeat() -> None:
    waiting = waiting_chat().snapshot.waiting
    assert waiting is not None
    assert waiting.call == CallConnector("whatsapp:ana:1:1", "shop", "first", {"nested": {"day": ["2026-03-02", 2]}})


def test_a_message_while_an_answer_is_lost_is_matched_as_ever() -> None:
    chat = waiting_chat()
    assert chat.tap("x") == (Text("b"),)
    assert chat.trace[1] == WaitCancelled("whatsapp:ana:1:1")
    assert chat.snapshot.waiting is None


def test_a_reaction_does_not_end_the_waiting() -> None:
    chat = waiting_chat()
    chat.receive(MessageType.REACTION)
    assert chat.snapshot.waiting is not None
    chat.feed(ConnectorReplied(MONDAY, "whatsapp:ana:1:1", 1))
    assert chat.data == {"first": 1}


STRAY: list[tuple[str, Event]] = [
    ("a result of another call", ConnectorReplied(MONDAY, "whatsapp:ana:1:0", 1)),
    ("a failure of another call", ConnectorFailed(MONDAY, "whatsapp:ana:9:9", FailureKind.TIMEOUT)),
    ("an answer of the LLM to a connector call", LLMAnswered(MONDAY, "whatsapp:ana:1:1", AnswerOutcome.ANSWERED, "x")),
]


@pytest.mark.parametrize("event", [case[1] for case in STRAY], ids=[case[0] for case in STRAY])
def test_an_answer_that_nobody_waits_for_changes_nothing(event: Event) -> None:
    chat = waiting_chat()
    step = advance(chat.program, chat.snapshot, event)
    assert not isinstance(event, MessageReceived)
    assert step.snapshot == chat.snapshot
    assert step.effects == ()
    assert [type(entry) for entry in step.trace] == [AnswerIgnored]


def test_an_answer_that_comes_twice_counts_once() -> None:
    world = World({"first": 7})
    chat = talk(TWO_CALLS, world)
    chat.say("hello")
    assert chat.feed(ConnectorReplied(MONDAY, "whatsapp:ana:1:1", 8)) == ()
    assert chat.data == {"first": 7}


FAILING: JSONObject = program(
    {
        "START": state(text("start"), transitions=[transition("CALL", on_payload="x")]),
        "CALL": state(invoke("shop", "op", result_key="r"), text("never said"), fallback="SAFE"),
        "SAFE": state(text("safe")),
    }
)


@pytest.mark.parametrize("kind", FailureKind)
def test_a_failed_call_is_said_and_leads_to_the_fallback(kind: FailureKind) -> None:
    chat = talk(FAILING, World({"op": kind}))
    chat.say("hello")
    assert chat.tap("x") == (PROBLEM, Text("safe"))
    assert chat.state == "SAFE"
    assert chat.data == {}
    assert CallFailed("whatsapp:ana:2:0", kind) in chat.trace
    assert StateEntered("SAFE", EnteredBecause.CALL_FAILED) in chat.trace


@pytest.mark.parametrize("fallback", [None, "CALL"], ids=["no fallback", "the state itself"])
def test_a_failed_call_stays_where_the_fallback_leads_nowhere_else(fallback: str | None) -> None:
    flow = program({"CALL": state(invoke("shop", "op"), text("never said"), fallback=fallback)})
    chat = talk(flow, World({"op": FailureKind.UNAVAILABLE}))
    assert chat.say("hello") == (PROBLEM,)
    assert chat.state == "CALL"


def test_two_states_that_fail_into_each_other_come_to_rest() -> None:
    world = World({"op": FailureKind.UNAVAILABLE})
    flow = program({"A": state(invoke("shop", "op"), fallback="B"), "B": state(invoke("shop", "op"), fallback="A")})
    chat = talk(flow, world)
    assert chat.say("hello") == (PROBLEM, PROBLEM)
    assert chat.state == "B"
    assert len(world.calls) == 2


def test_a_tenants_own_sentence_is_said_and_may_be_a_template() -> None:
    chat = talk(
        FAILING, World({"op": FailureKind.TIMEOUT}), sentences={"technical_problem": "Call {{business.phone}}."}
    )
    chat.say("hello")
    assert chat.tap("x")[0] == Text("Call 600 000 000.")


def test_a_call_whose_state_a_new_version_no_longer_has_starts_the_flow_over() -> None:
    chat = waiting_chat()
    chat.program = load(program({"NEW": state(text("start"))}))
    assert chat.feed(ConnectorReplied(MONDAY, "whatsapp:ana:1:1", 1)) == (MOVED, Text("start"))
    assert chat.state == "NEW"


OPTIONS: JSONObject = program(
    {
        "START": state(text("start"), transitions=[transition("PICK", on_payload="x")]),
        "PICK": state(
            invoke("shop", "list", result_key="found"),
            dynamic_options("found.items", "Which?", empty_text="Nothing, {{contact.name}}."),
            text("after"),
            fallback="START",
        ),
    }
)

UNUSABLE = [
    ("an empty list", {"items": []}),
    ("no list", {"items": "a"}),
    ("no such key", {}),
    ("no object", [1]),
    ("nothing", None),
    ("items that are no options", {"items": [1, "a", None, {"title": "no id"}, {"id": ""}, {"id": True}]}),
]


@pytest.mark.parametrize("result", [case[1] for case in UNUSABLE], ids=[case[0] for case in UNUSABLE])
def test_with_nothing_to_offer_the_empty_text_is_said_and_the_fallback_entered(result: JSONObject) -> None:
    chat = talk(OPTIONS, World({"list": result}))
    chat.say("hello")
    assert chat.tap("x") == (Text("Nothing, Ana."), Text("start"))
    assert chat.state == "START"


def test_what_a_connector_lists_is_offered_as_far_as_it_is_usable() -> None:
    items: JSON = [
        {"id": "a", "title": "A  title\nin two lines", "description": "", "extra": 1},
        {"id": "a", "title": "the same id again"},
        {"id": 7, "description": "named by number"},
        "no option",
    ]
    chat = talk(OPTIONS, World({"list": {"items": items}}))
    chat.say("hello")
    chat.tap("x")
    assert [(o.id, o.title, o.description) for o in chat.options] == [
        ("a", "A title in two lines", None),
        ("7", "7", "named by number"),
    ]
    assert chat.replies[-1] == Text("after")


def test_with_nothing_to_offer_and_nowhere_to_go_the_list_goes_on() -> None:
    flow = program({"A": state(dynamic_options("none", "Which?"), buttons("Else?", ("x", "X")))})
    chat = talk(flow)
    assert [spoken(output) for output in chat.say("hello")] == ["There is nothing available right now.", "Else?"]
