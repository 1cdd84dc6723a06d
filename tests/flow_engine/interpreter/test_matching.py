"""Which transition a message takes, and what the trace says of those it did not take."""

from __future__ import annotations

import pytest

from flow_engine.trace import OptionRecognised, RecognisedBy, TransitionsTried, Verdict
from flow_engine.vocabulary import JSON, JSONObject, MessageType
from tests.flow_engine.normalised import buttons, option_list, program, state, text, transition
from tests.flow_engine.spoken import spoken
from tests.flow_engine.world import talk


def one_state(*transitions: JSONObject, on_enter: JSONObject | None = None) -> JSONObject:
    """A state START with these transitions, and END, where a match leads."""
    return program(
        {
            "START": state(on_enter or text("start"), transitions=list(transitions)),
            "END": state(text("end")),
            "OTHER": state(text("other")),
        }
    )


TAPPED = [
    ("an equal payload matches", {"on_payload": "yes"}, "yes", "END"),
    ("another payload does not match", {"on_payload": "yes"}, "no", "START"),
    ("a tapped payload is compared exactly", {"on_payload": "yes"}, "YES", "START"),
    ("a prefix matches", {"on_payload_prefix": "day_"}, "day_1", "END"),
    ("a prefix matches with nothing after it", {"on_payload_prefix": "day_"}, "day_", "END"),
    ("a prefix in the middle does not match", {"on_payload_prefix": "day_"}, "my_day_1", "START"),
    ("a type matches", {"on_type": ["button"]}, "anything", "END"),
    ("another type does not match", {"on_type": ["list", "image"]}, "anything", "START"),
    ("a true condition matches", {"condition": "contact.id == 'ana'"}, "anything", "END"),
    ("a false condition does not match", {"condition": "data.nothing"}, "anything", "START"),
    ("all conditions must hold", {"on_payload": "yes", "on_type": ["list"]}, "yes", "START"),
    (
        "all conditions that hold match",
        {"on_payload": "yes", "on_type": ["button"], "condition": "not data.nothing"},
        "yes",
        "END",
    ),
]


@pytest.mark.parametrize(("given", "payload", "state_after"), [case[1:] for case in TAPPED], ids=[c[0] for c in TAPPED])
def test_a_tap(given: dict[str, JSON], payload: str, state_after: str) -> None:
    chat = talk(one_state(transition("END", **given)))
    chat.say("hello")
    chat.tap(payload)
    assert chat.state == state_after


YES_NO = buttons("Sure?", ("answer_yes", "Sí, ¡claro! 👍"), ("answer_no", "No"), ("answer_2", "2 days"))

TYPED = [
    ("the payload itself", "answer_yes", RecognisedBy.ID, "answer_yes"),
    ("the payload in another case, with spaces around it", "  ANSWER_yes ", RecognisedBy.ID, "answer_yes"),
    ("the title as it stands", "Sí, ¡claro! 👍", RecognisedBy.TITLE, "answer_yes"),
    ("the title without accents, signs and emoji", "si claro", RecognisedBy.TITLE, "answer_yes"),
    ("the title with other signs", "...SÍ... CLARO!!!", RecognisedBy.TITLE, "answer_yes"),
    ("the number", "2", RecognisedBy.NUMBER, "answer_no"),
    ("the number with a full stop", "2.", RecognisedBy.NUMBER, "answer_no"),
    ("the number as an emoji", "2️⃣", RecognisedBy.NUMBER, "answer_no"),
    ("the number in full width", "２", RecognisedBy.NUMBER, "answer_no"),
    ("a number that is part of a title is a number", "2", RecognisedBy.NUMBER, "answer_no"),
    ("a title that begins with a number", "2 days", RecognisedBy.TITLE, "answer_2"),
]


@pytest.mark.parametrize(("words", "by", "payload"), [case[1:] for case in TYPED], ids=[case[0] for case in TYPED])
def test_a_typed_answer_counts_as_a_tap_on_the_option(words: str, by: RecognisedBy, payload: str) -> None:
    chat = talk(one_state(transition("END", on_payload_prefix="answer_", extract_suffix_as="answer"), on_enter=YES_NO))
    chat.say("hello")
    chat.say(words)
    assert chat.data == {"answer": payload.removeprefix("answer_")}
    assert chat.trace[0] == OptionRecognised(payload, by)


NOT_TYPED = [
    ("zero", "0"),
    ("one more than there are options", "4"),
    ("a negative number", "-"),
    ("a number with too many digits", "0002"),
    ("a part of a title that is too short to be meant", "da"),
    ("two numbers", "1 2"),
    ("signs only", "!?"),
    ("an emoji only", "👍"),
    ("nothing", "   "),
    ("a very long text", "no " * 400),
]


@pytest.mark.parametrize("words", [case[1] for case in NOT_TYPED], ids=[case[0] for case in NOT_TYPED])
def test_other_texts_are_no_answer(words: str) -> None:
    chat = talk(one_state(transition("END", on_payload_prefix="answer_"), on_enter=YES_NO))
    question = chat.say("hello")
    assert chat.say(words) == question
    assert chat.state == "START"


def test_two_options_of_the_same_title_are_not_guessed_between() -> None:
    twins = buttons("Which?", ("pick_a", "Same"), ("pick_b", "Same!"), ("pick_c", "Same"))
    chat = talk(one_state(transition("END", on_payload_prefix="pick_", extract_suffix_as="picked"), on_enter=twins))
    chat.say("hello")
    chat.say("same!")
    assert (chat.state, chat.data) == ("END", {"picked": "b"})  # only one is spelled exactly so
    again = talk(one_state(transition("END", on_payload_prefix="pick_"), on_enter=twins))
    again.say("hello")
    again.say("SAME")
    assert again.state == "START"


def test_a_payload_can_be_typed_where_nothing_is_offered() -> None:
    chat = talk(one_state(transition("END", on_payload="Back_To_Menu")))
    chat.say("hello")
    chat.say(" back_to_MENU ")
    assert chat.state == "END"


def test_a_recognised_option_is_still_a_text_to_on_type() -> None:
    rules = (transition("END", on_payload="answer_no", on_type=["text"]),)
    chat = talk(one_state(*rules, on_enter=YES_NO))
    chat.say("hello")
    chat.say("no")
    assert chat.state == "END"


@pytest.mark.parametrize(("offer", "type_"), [(YES_NO, "button"), (option_list("?", ("answer_no", "No")), "list")])
def test_a_recognised_option_is_also_the_kind_of_tap_it_stands_for(offer: JSONObject, type_: str) -> None:
    chat = talk(one_state(transition("END", on_payload="answer_no", on_type=[type_]), on_enter=offer))
    chat.say("hello")
    chat.say("no")
    assert chat.state == "END"


def test_options_of_an_earlier_state_are_not_answered_by_number() -> None:
    flow = one_state(transition("END", on_payload="answer_no"), on_enter=YES_NO)
    flow["global_transitions"] = [transition("OTHER", on_payload_prefix="answer_")]
    chat = talk(flow)
    chat.say("hello")
    chat.tap("answer_no")
    chat.say("1")
    assert chat.state == "END"


def test_signs_do_not_stand_for_a_title_that_is_nothing_but_an_emoji() -> None:
    thumb = buttons("Fine?", ("answer_up", "👍"), ("answer_down", "Not at all"))
    chat = talk(one_state(transition("END", on_payload_prefix="answer_"), on_enter=thumb))
    chat.say("hello")
    chat.say("?!")
    assert chat.state == "START"
    chat.say(" 👍 ")
    assert chat.state == "END"


def test_transitions_are_tried_in_order_and_the_trace_names_why_each_was_passed_over() -> None:
    chat = talk(
        one_state(
            transition("OTHER", on_payload="no"),
            transition("OTHER", on_payload_prefix="no_"),
            transition("OTHER", on_type=["image"]),
            transition("OTHER", on_payload="yes", condition="data.missing"),
            transition("END", on_payload="yes"),
            transition("OTHER", on_payload="yes"),
        )
    )
    chat.say("hello")
    chat.tap("yes")
    assert chat.state == "END"
    assert chat.trace[0] == TransitionsTried(
        "START",
        (
            Verdict.OTHER_PAYLOAD,
            Verdict.OTHER_PREFIX,
            Verdict.OTHER_TYPE,
            Verdict.CONDITION_FALSE,
            Verdict.MATCHED,
        ),
    )


def test_a_states_own_transition_comes_before_a_global_one() -> None:
    flow = program(
        {"START": state(text("start"), transitions=[transition("END", on_payload="x")]), "END": state(), "G": state()},
        global_transitions=[transition("G", on_payload="x"), transition("G", on_payload="y")],
    )
    chat = talk(flow)
    chat.say("hello")
    chat.tap("x")
    assert chat.state == "END"
    chat.tap("y")
    assert chat.state == "G"


def test_a_global_transition_can_be_the_first_thing_a_customer_does() -> None:
    flow = program({"START": state(text("start")), "HELP": state(text("help"))})
    flow["global_transitions"] = [transition("HELP", on_payload="help")]
    chat = talk(flow)
    assert [spoken(output) for output in chat.say("Help")] == ["help"]
    assert chat.state == "HELP"


def test_set_data_is_rendered_as_a_whole_before_anything_of_it_is_written() -> None:
    swap = transition(
        "START",
        on_payload_prefix="n_",
        extract_suffix_as="new",
        set_data={
            "new_before": "{{data.new}}",
            "old": "{{data.new_before}}",
            "count": 3,
            "deep": {"list": ["{{data.new}}"]},
        },
    )
    chat = talk(one_state(swap))
    chat.say("hello")
    chat.tap("n_1")
    chat.tap("n_2")
    assert chat.data == {"new": "2", "new_before": "2", "old": "1", "count": 3, "deep": {"list": ["2"]}}


def test_a_suffix_is_taken_exactly_as_it_was_tapped() -> None:
    chat = talk(one_state(transition("END", on_payload_prefix="day_", extract_suffix_as="day")))
    chat.say("hello")
    chat.tap("day_ 2026-03-04 ñ")
    assert chat.data == {"day": " 2026-03-04 ñ"}


@pytest.mark.parametrize("type_", [t for t in MessageType if t is not MessageType.WELCOME])
def test_every_type_can_be_matched(type_: MessageType) -> None:
    chat = talk(one_state(transition("END", on_type=[type_.value])))
    chat.say("hello")
    chat.receive(type_, text="x")
    assert chat.state == "END"
