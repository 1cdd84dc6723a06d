"""What nearly names an option is offered back, and never taken for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flow_engine.trace import RecognisedBy
from flow_engine.trace_answers import OfferedBack
from tests.flow_engine.interpreter.flows_in_yaml import chat_with, told

MENU = ("¿Qué hacemos?", "Reservar cita", "Cancelar cita", "Horarios")
FLOW = """
id: f
initial_state: MENU
states:
  MENU:
    llm_fallback: true
    on_enter:
      - action: send_interactive_buttons
        body: "¿Qué hacemos?"
        buttons:
          - {id: book, title: "Reservar cita", synonyms: {es: [pedir hora]}}
          - {id: cancel, title: "Cancelar cita", synonyms: anular}
          - {id: hours, title: "Horarios"}
    transitions:
      - {on_payload: book, target: BOOK}
      - {on_payload: cancel, target: CANCEL}
      - {on_payload: hours, target: HOURS}
    fallback: MENU
  BOOK: {on_enter: [{action: send_text, text: "book"}]}
  CANCEL: {on_enter: [{action: send_text, text: "cancel"}]}
  HOURS: {on_enter: [{action: send_text, text: "hours"}]}
"""

NEAR = [
    ("a letter less", "horaris", "Horarios"),
    ("a letter more", "horarrios", "Horarios"),
    ("another letter", "horatios", "Horarios"),
    ("two letters swapped", "hroarios", "Horarios"),
    ("two slips in a long title", "reserbar zita", "Reservar cita"),
    ("a slip in a synonym", "anulr", "Cancelar cita"),
]


@pytest.mark.parametrize(("said", "meant"), [case[1:] for case in NEAR], ids=[case[0] for case in NEAR])
def test_a_near_miss_is_offered_back(said: str, meant: str) -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    assert told(chat.say(said)) == [(f"¿Querías decir «{meant}»?", "Sí", "No")]
    assert chat.state == "MENU"
    assert any(isinstance(entry, OfferedBack) for entry in chat.trace)


@pytest.mark.parametrize("yes", ["sí", "Claro que sí", "👍", "1", "si"])
def test_yes_is_that_option(yes: str) -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.say("horaris")
    chat.say(yes)
    assert chat.state == "HOURS"
    assert getattr(chat.trace[0], "by", None) is RecognisedBy.OFFERED_BACK


def test_a_tap_on_yes_is_that_option() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.say("horaris")
    chat.tap("hours")
    assert chat.state == "HOURS"


@pytest.mark.parametrize("no", ["no", "No, gracias", "👎", "2"])
def test_no_leads_back_to_the_question(no: str) -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.say("horaris")
    assert told(chat.say(no)) == [MENU]
    assert (chat.state, chat.snapshot.doubt) == ("MENU", None)


def test_a_tap_on_no_leads_back_to_the_question() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.say("horaris")
    assert told(chat.tap("@no")) == [MENU]


def test_what_was_offered_back_is_forgotten_with_the_next_answer() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.say("horaris")
    chat.say("otra cosa")
    chat.say("sí")
    assert chat.state == "MENU"


def test_what_was_offered_back_is_forgotten_when_the_state_is_left_without_an_answer() -> None:
    flow = FLOW.replace(
        "    fallback: MENU\n",
        """    fallback: MENU
    timeout: {after: 10m, target: STILL_THERE}
  STILL_THERE:
    on_enter:
      - action: send_interactive_buttons
        body: "¿Seguimos?"
        buttons: [{id: go_on, title: Seguimos, synonyms: [sí]}]
    transitions: [{on_payload: go_on, target: MENU}]
    fallback: HOURS
""",
    )
    chat = chat_with(flow)
    chat.say("hola")
    chat.say("horaris")
    chat.wait(timedelta(minutes=10))
    assert chat.state == "STILL_THERE"
    chat.say("sí")
    assert chat.state == "MENU"


def test_several_near_options_are_offered_back() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    assert told(chat.say("cita")) == [("¿A cuál de estas te refieres?", "Reservar cita", "Cancelar cita")]
    chat.say("cancelar")
    assert chat.state == "CANCEL"


FAR = [
    "¿tenéis parking?",
    "no",
    "ho",
    "x",
    "quiero saber los horarios de la tienda de al lado que es muy bonita y grande",
]


@pytest.mark.parametrize("said", FAR)
def test_other_texts_are_free_questions(said: str) -> None:
    chat = chat_with(FLOW.replace('title: "Horarios"', 'title: "Precios"'), llm="Sí.")
    chat.say("hola")
    chat.say(said)
    assert told(chat.replies)[0] == "Sí."


def test_a_near_miss_comes_before_the_free_question() -> None:
    chat = chat_with(FLOW, llm="Sí.")
    chat.say("hola")
    assert told(chat.say("horaris"))[0] == ("¿Querías decir «Horarios»?", "Sí", "No")


def test_a_synonym_is_the_option() -> None:
    chat = chat_with(FLOW)
    chat.say("hola")
    chat.say("pedir hora")
    assert chat.state == "BOOK"
    assert getattr(chat.trace[0], "by", None) is RecognisedBy.SYNONYM
