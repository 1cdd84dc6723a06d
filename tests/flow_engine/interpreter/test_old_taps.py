"""Stamps: an answer to the open question is told from a tap on a message further up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_engine.effects import SendMessage
from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.stamp import read_tap, split_stamp, stamp_of
from flow_engine.simulation import Conversation
from flow_engine.trace import TransitionsTried
from flow_engine.trace_answers import OldTap
from flow_engine.vocabulary import MessageType
from tests.flow_engine.interpreter.flows_in_yaml import chat_with, told
from tests.flow_engine.untimed import UNTIMED

OLD = "Esa opción es de un mensaje anterior."
FLOW = """
id: f
initial_state: FIRST
global_transitions:
  - {on_payload: help, target: HELP}
states:
  FIRST:
    on_enter:
      - {action: send_interactive_buttons, body: "1?", buttons: [{id: go, title: Ir}, {id: help, title: Ayuda}]}
    transitions: [{on_payload: go, target: SECOND}]
  SECOND:
    on_enter:
      - {action: send_interactive_buttons, body: "2?", buttons: [{id: go, title: Seguir}]}
    transitions: [{on_payload: go, target: WHO}]
  WHO:
    collect: {type: text, text: "¿Quién?", save_as: who, target: HELP}
  HELP: {on_enter: [{action: send_text, text: "help"}]}
"""


def sent_ids(chat: Conversation) -> list[str]:
    outputs = [effect.output for effect in chat.effects if isinstance(effect, SendMessage)]
    return [option.id for output in outputs for option in options_of(output)]


def test_what_is_sent_carries_the_turn_of_its_question() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    assert sent_ids(chat) == ["go~1", "help~1"]
    chat.tap("go")
    assert sent_ids(chat) == ["go~2"]
    assert (chat.state, chat.snapshot.question_turn) == ("SECOND", 2)


def test_a_question_that_is_asked_again_keeps_its_stamp() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.say("eh?")
    assert sent_ids(chat) == ["go~1", "help~1"]
    chat.tap("go~1")
    assert chat.state == "SECOND"


def test_an_old_tap_is_answered_and_not_taken_for_the_open_question() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.tap("go~1")
    assert told(chat.receive(MessageType.BUTTON, text="Ir", payload="go~1")) == [OLD, ("2?", "Seguir")]
    assert chat.state == "SECOND"
    assert OldTap("go") in chat.trace
    tried = [entry for entry in chat.trace if isinstance(entry, TransitionsTried)]
    assert [entry.state for entry in tried] == [None]


def test_an_old_tap_on_a_global_option_is_followed() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.tap("go~1")
    chat.receive(MessageType.BUTTON, text="Ayuda", payload="help~1")
    assert chat.state == "HELP"


def test_an_old_tap_is_no_answer_to_what_is_collected() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.tap("go")
    chat.tap("go~2")
    assert told(chat.receive(MessageType.BUTTON, text="Ir", payload="go~1")) == [OLD, "¿Quién?"]
    assert chat.data == {}
    chat.say("Ana")
    assert chat.data == {"who": "Ana"}


def test_an_old_tap_after_the_end_begins_anew() -> None:
    chat = chat_with(FLOW.replace('text: "help"}', 'text: "help"}, {action: end}'))
    chat.say("hola")
    chat.tap("help~1")
    assert chat.state is None
    assert told(chat.receive(MessageType.BUTTON, text="Ir", payload="go~1")) == [OLD, ("1?", "Ir", "Ayuda")]


@pytest.mark.parametrize("payload", ["go", "go~", "go~0", "go~01", "go~A", "go~1!", "~1"])
def test_an_id_without_a_stamp_counts_as_an_answer(payload: str) -> None:
    assert split_stamp(payload) == (payload, "")


def test_a_payload_without_a_stamp_is_live() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.receive(MessageType.BUTTON, text="Ir", payload="go")
    assert chat.state == "SECOND"


def test_a_stamp_of_a_turn_that_never_was_is_old() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.receive(MessageType.BUTTON, text="Ir", payload="go~zz")
    assert chat.state == "FIRST"


def test_an_id_that_no_longer_fits_with_its_stamp_is_offered_by_number() -> None:
    long = "x" * 255
    chat = chat_with(
        FLOW.replace("id: go, title: Ir", f"id: {long}, title: Ir").replace("on_payload: go", f"on_payload: {long}")
    )
    assert told(chat.say("hola")) == ["1?\n\n1. Ir\n2. Ayuda"]
    chat.say("1")
    assert chat.state == "SECOND"


@UNTIMED
@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip()), st.integers(1, 36**6))
def test_a_stamp_is_taken_off_again(option_id: str, turn: int) -> None:
    assert split_stamp(option_id + stamp_of(turn)) == (option_id, stamp_of(turn))


TURNS = st.integers(0, 40) | st.integers(0, 36**6)
PAYLOADS = st.builds("{}{}".format, st.text(max_size=10) | st.sampled_from(["", "a~", "a~1"]), TURNS.map(stamp_of))


@UNTIMED
@given(PAYLOADS, TURNS)
def test_a_tap_is_old_when_its_stamp_is_another(payload: str, turn: int) -> None:
    option_id, stamp = split_stamp(payload)
    assert read_tap(payload, stamp_of(turn)) == (option_id, stamp not in ("", stamp_of(turn)))
