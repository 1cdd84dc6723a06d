"""A list with more rows than the channel shows: the customer turns its pages, and the flow never hears of it."""

from __future__ import annotations

import pytest

from flow_engine.outputs.output import OptionList, Text
from flow_engine.simulation import Conversation
from flow_engine.trace import TransitionsTried
from flow_engine.trace_detours import PageTurned
from flow_engine.vocabulary import JSONObject, MessageType
from tests.flow_engine.normalised import buttons, option_list, program, state, text, transition
from tests.flow_engine.world import talk

ROWS = [(f"day_{number}", f"Day {number}") for number in range(1, 22)]
CHOSEN = transition("CHOSEN", on_payload_prefix="day_", extract_suffix_as="day")
ANY_TAP = transition("OTHER", on_type=["list"])
PAGED = program(
    {
        "ASK": state(option_list("Which day?", *ROWS), transitions=[CHOSEN, ANY_TAP]),
        "CHOSEN": state(text("Day {{ data.day }}.")),
        "OTHER": state(text("Something else.")),
    }
)
MANY_BUTTONS = program(
    {"ASK": state(buttons("Which day?", *ROWS), transitions=[CHOSEN]), "CHOSEN": state(text("Day {{ data.day }}."))}
)


def titles(conversation: Conversation) -> list[str]:
    return [option.title for option in conversation.options]


def more(conversation: Conversation) -> None:
    conversation.tap(conversation.options[-1].id, MessageType.LIST)


@pytest.mark.parametrize("flow", [PAGED, MANY_BUTTONS], ids=["a list", "buttons"])
def test_the_last_row_leads_through_all_pages_and_back_to_the_first(flow: JSONObject) -> None:
    conversation = talk(flow)
    conversation.say("hi")
    seen = []
    for _ in range(4):
        assert titles(conversation)[-1] == "More …"
        assert len(conversation.options) <= 10
        seen.append(titles(conversation)[0])
        more(conversation)
    assert seen == ["Day 1", "Day 10", "Day 19", "Day 1"]
    assert conversation.state == "ASK"


def test_no_transition_is_tried_for_the_row_that_turns_the_page() -> None:
    conversation = talk(PAGED)
    conversation.say("hi")
    more(conversation)
    assert [type(entry) for entry in conversation.trace if isinstance(entry, PageTurned | TransitionsTried)] == [
        PageTurned
    ]


@pytest.mark.parametrize("words", ["More …", "more", " MORE! "])
def test_the_words_of_the_row_turn_the_page_too(words: str) -> None:
    conversation = talk(PAGED)
    conversation.say("hi")
    conversation.say(words)
    assert titles(conversation)[0] == "Day 10"


@pytest.mark.parametrize("answer", ["Day 15", "15", "day_15"])
def test_an_option_of_another_page_can_be_typed(answer: str) -> None:
    conversation = talk(PAGED)
    conversation.say("hi")
    assert conversation.say(answer) == (Text("Day 15."),)


def test_a_row_of_a_later_page_is_an_answer() -> None:
    conversation = talk(PAGED)
    conversation.say("hi")
    more(conversation)
    assert conversation.tap(conversation.options[3].id, MessageType.LIST) == (Text("Day 13."),)


def test_the_question_is_asked_again_with_the_page_that_was_open() -> None:
    conversation = talk(PAGED)
    conversation.say("hi")
    more(conversation)
    conversation.say("something else entirely")
    (output,) = [reply for reply in conversation.replies if isinstance(reply, OptionList)]
    assert output.body == "Which day? (2/3)"


def test_where_nothing_is_paged_the_word_is_a_word() -> None:
    asking = state(option_list("Which day?", *ROWS[:3]), fallback="NO")
    conversation = talk(program({"ASK": asking, "NO": state(text("No."))}))
    conversation.say("hi")
    assert conversation.say("more") == (Text("No."),)
