"""Questions to the knowledge document: who may ask them, and what becomes of the answers."""

from __future__ import annotations

import pytest

from flow_engine import limits
from flow_engine.events import LLMAnswered
from flow_engine.outputs.output import Text
from flow_engine.simulation import Conversation
from flow_engine.trace import AnswerIgnored, QuestionAnswered, QuestionAsked, QuestionRepeated, WaitCancelled
from flow_engine.vocabulary import AnswerOutcome, JSONObject, MessageType
from tests.flow_engine.normalised import buttons, program, state, text, transition
from tests.flow_engine.world import MONDAY, World, load, talk

FLOW: JSONObject = program(
    {
        "ASK": state(
            buttons("How can we help?", ("x", "Option")),
            transitions=[transition("PLAIN", on_payload="x")],
            fallback="PLAIN",
            llm_fallback=True,
        ),
        "PLAIN": state(text("plain"), llm_fallback=True),
        "DEAF": state(text("deaf")),
    },
    global_transitions=[transition("DEAF", on_payload="deaf")],
)
ANSWERED = (AnswerOutcome.ANSWERED, "At nine.")
CALL = "whatsapp:ana:2:0"


def waiting_chat() -> Conversation:
    flow = load(FLOW, llm_enabled=True)
    chat = Conversation(flow, lambda _effect: None, MONDAY, channel="whatsapp", contact_id="ana")
    chat.say("hello")
    chat.say("When?")
    assert chat.snapshot.waiting is not None
    return chat


def test_the_trace_tells_of_question_answer_and_repetition() -> None:
    chat = talk(FLOW, World(llm=ANSWERED), llm_enabled=True)
    chat.say("hello")
    chat.say("When?")
    assert chat.trace[-3:] == (
        QuestionAsked(CALL),
        QuestionAnswered(CALL, AnswerOutcome.ANSWERED),
        QuestionRepeated("ASK"),
    )


def test_without_an_open_question_the_answer_stands_alone() -> None:
    chat = talk(FLOW, World(llm=ANSWERED), llm_enabled=True)
    chat.say("hello")
    chat.tap("x")
    assert chat.say("When?") == (Text("At nine."),)
    assert chat.state == "PLAIN"


@pytest.mark.parametrize("answer", ["", "  \n"])
def test_an_answer_without_words_is_none(answer: str) -> None:
    chat = talk(FLOW, World(llm=(AnswerOutcome.ANSWERED, answer)), llm_enabled=True)
    chat.say("hello")
    assert chat.say("When?")[0] == Text("I don't have that information, sorry.")


def test_a_state_without_llm_fallback_never_asks() -> None:
    world = World(llm=ANSWERED)
    chat = talk(FLOW, world, llm_enabled=True)
    chat.say("deaf")
    assert chat.say("When?") == (Text("deaf"),)
    assert world.questions == []


@pytest.mark.parametrize("type_", [MessageType.IMAGE, MessageType.AUDIO, MessageType.UNSUPPORTED])
def test_only_a_text_is_a_question(type_: MessageType) -> None:
    world = World(llm=ANSWERED)
    chat = talk(FLOW, world, llm_enabled=True)
    chat.say("hello")
    assert chat.receive(type_, text="When?") == (Text("plain"),)
    assert world.questions == []


@pytest.mark.parametrize("words", ["", "   "])
def test_a_blank_text_is_no_question(words: str) -> None:
    world = World(llm=ANSWERED)
    chat = talk(FLOW, world, llm_enabled=True)
    chat.say("hello")
    assert chat.say(words) == (Text("plain"),)
    assert world.questions == []


def test_a_stale_tap_is_no_question() -> None:
    world = World(llm=ANSWERED)
    chat = talk(FLOW, world, llm_enabled=True)
    chat.say("hello")
    chat.tap("from_another_day")
    assert world.questions == []


def test_a_pasted_book_is_cut_to_a_question() -> None:
    world = World(llm=ANSWERED)
    chat = talk(FLOW, world, llm_enabled=True)
    chat.say("hello")
    chat.say("why? " * 2000)
    assert len(world.questions[0].question) <= limits.MAX_QUESTION_CHARS


def test_an_answer_to_another_question_is_ignored() -> None:
    chat = waiting_chat()
    assert chat.feed(LLMAnswered(MONDAY, "whatsapp:ana:1:0", AnswerOutcome.ANSWERED, "x")) == ()
    assert chat.trace == (AnswerIgnored("whatsapp:ana:1:0"),)
    assert chat.snapshot.waiting is not None


def test_whoever_goes_on_before_the_answer_gets_no_late_one() -> None:
    chat = waiting_chat()
    assert chat.tap("x") == (Text("plain"),)
    assert WaitCancelled(CALL) in chat.trace
    assert chat.feed(LLMAnswered(MONDAY, CALL, AnswerOutcome.ANSWERED, "late")) == ()
