"""``collect``: what a state asks for, how answers are understood, asked back and refused."""

from __future__ import annotations

from typing import Any

import pytest

from flow_engine.trace import StateEntered
from flow_engine.trace_answers import AnswerKept, AnswerRefused, OfferedBack
from flow_engine.vocabulary import JSON, MessageType
from tests.flow_engine.interpreter.flows_in_yaml import chat_with, told

SORRY = "Elige una de las opciones, por favor."


def asking(collect: str, extra: str = "") -> str:
    return f"""
id: f
initial_state: ASK
global_transitions:
  - {{on_text: menu, target: MENU}}
states:
  ASK:
    on_enter: [{{action: send_text, text: "Hola"}}]
    collect: {{save_as: answer, target: DONE, {collect}}}
{extra}
  DONE: {{on_enter: [{{action: send_text, text: "ok {{{{ data.answer }}}}"}}]}}
  MENU: {{on_enter: [{{action: send_text, text: "menu"}}]}}
  LOST: {{on_enter: [{{action: send_text, text: "lost"}}]}}
"""


UNDERSTOOD = [
    ("a text", "type: text, text: Nombre", "  Ana López ", "Ana López"),
    ("a number", "type: number, text: Cuánto", "1.234,50", 1234.5),
    ("a whole number", "type: integer, text: Cuántos", "somos cuatro", 4),
    ("a date", "type: date, text: Qué día", "pasado mañana", "2026-03-04"),
    ("a time", "type: time, text: A qué hora", "17h", "17:00"),
    ("a day with a time", "type: datetime, text: Cuándo", "mañana a las 17:00", "2026-03-03T17:00:00+01:00"),
    ("an address", "type: email, text: Correo", "es Ana@Example.com", "Ana@example.com"),
    ("a phone number", "type: phone, text: Teléfono", "600 123 456", "+34600123456"),
    ("an hour that bounds make clear", 'type: time, min: "09:00", max: "21:00"', "a las 5", "17:00"),
    ("an hour that a condition makes clear", "type: time, validate: 'value >= \"09:00\"'", "a las 5", "17:00"),
    ("a day with a bound from data", 'type: date, min: "{{ data.today }}"', "hoy", "2026-03-02"),
    ("a day that must lie behind", 'type: date, max: "{{ data.today }}"', "el viernes", "2026-02-27"),
    ("a text within its length", "type: text, min: 3, max: 5", "cuatro"[:5], "cuatr"),
    ("an answer in another language of the flow", "type: date, text: Qué día", "tomorrow", "2026-03-03"),
]


@pytest.mark.parametrize(
    ("collect", "said", "value"), [case[1:] for case in UNDERSTOOD], ids=[c[0] for c in UNDERSTOOD]
)
def test_an_answer_is_kept_and_leads_on(collect: str, said: str, value: JSON) -> None:
    chat = chat_with("languages: [es, en]" + asking(collect), language="es-ES")
    chat.say("hola")
    assert chat.snapshot.state == "ASK"
    chat.say(said)
    assert (chat.state, chat.data) == ("DONE", {"answer": value})
    assert AnswerKept("answer") in chat.trace


def test_the_question_comes_after_what_entering_says() -> None:
    chat = chat_with(asking("type: date, text: Qué día"))
    assert told(chat.say("hola")) == ["Hola", "Qué día"]


REFUSED = [
    ("no date", "type: date, text: Qué día", "verde", "unknown"),
    ("a day that does not exist", "type: date, text: Qué día", "31 de febrero", "impossible"),
    ("a day before the first one", 'type: date, min: "2026-03-05"', "mañana", "out_of_range"),
    ("a number above the highest", "type: integer, max: 8", "nueve", "out_of_range"),
    ("a value that the condition refuses", "type: integer, validate: 'value != 13'", "13", "out_of_range"),
    ("half a number where whole ones are asked for", "type: integer, text: Cuántos", "2,5", "impossible"),
    ("a day without a time", "type: datetime, text: Cuándo", "mañana", "incomplete"),
    ("a text that is too short", "type: text, min: 3", "ab", "out_of_range"),
    ("nothing but blanks", "type: text, text: Nombre", "   ", "empty"),
    ("a number without a country", "type: phone, text: Teléfono", "600 123 456", "impossible"),
]


@pytest.mark.parametrize(
    ("collect", "said", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_an_answer_that_cannot_be_used_is_asked_again(collect: str, said: str, reason: str) -> None:
    chat = chat_with(asking(collect + ", retry_text: Otra vez"))
    chat.say("hola")
    assert told(chat.say(said)) == ["Otra vez"]
    assert (chat.state, chat.data, chat.snapshot.tries) == ("ASK", {}, 1)
    assert AnswerRefused(reason, 1) in chat.trace


def test_without_words_of_its_own_a_state_explains_what_it_wants() -> None:
    chat = chat_with(asking("type: date, text: Qué día"))
    chat.say("hola")
    assert told(chat.say("verde")) == ["Escribe un día, por favor; por ejemplo, «mañana» o «24 de diciembre»."]


def test_too_many_tries_lead_where_the_flow_says_and_are_counted_anew_there() -> None:
    chat = chat_with(asking("type: date, text: Qué día, max_tries: 2, on_max_tries: LOST"))
    chat.say("hola")
    chat.say("verde")
    assert told(chat.say("azul")) == ["lost"]
    assert (chat.state, chat.snapshot.tries) == ("LOST", 0)


def test_without_a_place_for_it_the_fallback_follows_too_many_tries() -> None:
    chat = chat_with(asking("type: date, text: Qué día, max_tries: 1", "    fallback: LOST"))
    chat.say("hola")
    chat.say("verde")
    assert chat.state == "LOST"


def test_without_either_the_question_stays_open() -> None:
    chat = chat_with(asking("type: date, text: Qué día, max_tries: 1"))
    chat.say("hola")
    for _ in range(3):
        chat.say("verde")
    chat.say("mañana")
    assert chat.data == {"answer": "2026-03-03"}


def test_a_word_of_the_whole_flow_comes_before_the_answer() -> None:
    chat = chat_with(asking("type: text, text: Nombre"))
    chat.say("hola")
    assert told(chat.say("¡Menú!")) == ["menu"]
    assert chat.data == {}


AMBIGUOUS: list[tuple[str, str, str, list[str], Any, str]] = [
    ("an hour by tap", "type: time", "a las 5", ["05:00", "17:00"], ("tap", "@=17:00"), "17:00"),
    ("an hour by its number", "type: time", "a las 5", ["05:00", "17:00"], "1", "05:00"),
    ("an hour by the words", "type: time", "a las 5", ["05:00", "17:00"], "17:00", "17:00"),
    ("an hour said more clearly", "type: time", "a las 5", ["05:00", "17:00"], "de la tarde, a las 6", "18:00"),
    ("a day by tap", "type: date", "el lunes", ["lun 2 mar", "lun 9 mar"], ("tap", "@=2026-03-09"), "2026-03-09"),
    (
        "the hour that clocks show twice",
        "type: datetime",
        "25/10/2026 a las 02:30",
        ["02:30 (+02:00)", "02:30 (+01:00)"],
        "2",
        "2026-10-25T02:30:00+01:00",
    ),
]


@pytest.mark.parametrize(
    ("collect", "said", "offered", "then", "value"),
    [case[1:] for case in AMBIGUOUS],
    ids=[case[0] for case in AMBIGUOUS],
)
def test_an_answer_with_several_meanings_is_asked_back(
    collect: str, said: str, offered: list[str], then: Any, value: str
) -> None:
    chat = chat_with(asking(collect))
    chat.say("hola")
    assert told(chat.say(said)) == [("¿A cuál de estas te refieres?", *offered)]
    assert (chat.state, chat.snapshot.tries) == ("ASK", 0)
    assert any(isinstance(entry, OfferedBack) for entry in chat.trace)
    if isinstance(then, tuple):
        chat.tap(then[1])
    else:
        chat.say(then)
    assert (chat.state, chat.data) == ("DONE", {"answer": value})


def test_numbers_that_are_offered_back_come_back_as_they_are() -> None:
    chat = chat_with(asking("type: number"))
    chat.say("hola")
    chat.say("1,234 o 2")
    chat.tap("@=1.234")
    assert chat.data == {"answer": 1.234}


CHOICE = """type: choice, text: Cuál, options: [
    {id: cut, title: "Corte de pelo", synonyms: {es: [tijera, tijeras], en: haircut}},
    {id: dye, title: Tinte, synonyms: color}, {id: both, title: "Corte y tinte"}]"""

CHOSEN = [
    ("the title", "corte de pelo", "cut"),
    ("the title without accents and signs", "¡TINTE!", "dye"),
    ("the number", "3", "both"),
    ("the id", "dye", "dye"),
    ("a synonym of the language", "Tijeras", "cut"),
    ("a synonym of every language", "color", "dye"),
    ("the beginning of one title", "tin", "dye"),
    ("a longer beginning", "corte y", "both"),
]


@pytest.mark.parametrize(("said", "value"), [case[1:] for case in CHOSEN], ids=[case[0] for case in CHOSEN])
def test_a_choice_is_made_by(said: str, value: str) -> None:
    chat = chat_with(asking(CHOICE))
    assert told(chat.say("hola")) == ["Hola", ("Cuál", "Corte de pelo", "Tinte", "Corte y tinte")]
    chat.say(said)
    assert (chat.state, chat.data) == ("DONE", {"answer": value})


def test_a_choice_is_made_by_tap() -> None:
    chat = chat_with(asking(CHOICE))
    chat.say("hola")
    chat.tap("both")
    assert chat.data == {"answer": "both"}


def test_a_beginning_of_two_titles_is_offered_back() -> None:
    chat = chat_with(asking(CHOICE))
    chat.say("hola")
    assert told(chat.say("corte")) == [("¿A cuál de estas te refieres?", "Corte de pelo", "Corte y tinte")]
    chat.say("2")
    assert chat.data == {"answer": "both"}


def test_what_is_no_option_shows_them_again() -> None:
    chat = chat_with(asking(CHOICE))
    chat.say("hola")
    assert told(chat.say("pizza")) == [SORRY, ("Cuál", "Corte de pelo", "Tinte", "Corte y tinte")]


def test_an_option_of_the_choice_comes_before_a_word_of_the_whole_flow() -> None:
    chat = chat_with(asking("type: choice, text: Cuál, options: [{id: m, title: Menu}, {id: n, title: Otro}]"))
    chat.say("hola")
    chat.say("menu")
    assert chat.data == {"answer": "m"}


def test_a_place_that_is_shared_is_kept() -> None:
    chat = chat_with(asking("type: location, text: Dónde"))
    chat.say("hola")
    chat.say("en mi casa")
    assert chat.state == "ASK"
    chat.receive(MessageType.LOCATION, content={"latitude": 40.4, "longitude": -3, "url": "x"})
    assert chat.data == {"answer": {"latitude": 40.4, "longitude": -3, "name": None}}


def test_a_picture_that_is_sent_is_kept() -> None:
    chat = chat_with(asking("type: media, text: Foto"))
    chat.say("hola")
    chat.receive(MessageType.IMAGE, content={"media_id": "m1", "mime_type": "image/jpeg", "animated": False})
    assert chat.data == {"answer": {"type": "image", "media_id": "m1", "mime_type": "image/jpeg"}}


def test_a_picture_is_no_number() -> None:
    chat = chat_with(asking("type: number, text: Cuánto"))
    chat.say("hola")
    chat.receive(MessageType.IMAGE, text="5", content={"media_id": "m1"})
    assert AnswerRefused("wrong_kind", 1) in chat.trace


def test_a_contact_card_gives_its_phone_number() -> None:
    chat = chat_with(asking("type: phone, text: Teléfono"))
    chat.say("hola")
    card: JSON = {"name": {"formatted_name": "Ana"}, "phones": [{"phone": "+34 600 123 456", "type": "CELL"}]}
    chat.receive(MessageType.CONTACTS, text="Ana", content={"contacts": [card]})
    assert chat.data == {"answer": "+34600123456"}


def test_the_country_of_the_business_completes_a_phone_number() -> None:
    chat = chat_with(asking("type: phone, text: Phone"), language="en", country="gb")
    chat.say("hello")
    chat.say("07700 900123")
    assert chat.data == {"answer": "+447700900123"}


def test_where_free_questions_are_allowed_what_is_no_answer_is_one() -> None:
    chat = chat_with(asking("type: date, text: Qué día", "    llm_fallback: true"), llm="Abrimos a las nueve.")
    chat.say("hola")
    assert told(chat.say("¿a qué hora abrís?")) == ["Abrimos a las nueve.", "Qué día"]
    chat.say("mañana")
    assert chat.data == {"answer": "2026-03-03"}


def test_a_number_in_a_question_about_something_else_is_no_answer() -> None:
    asked = asking("type: integer, text: Cuántos, max: 8", "    llm_fallback: true")
    chat = chat_with(asked, llm="Sí, doce.")
    chat.say("hola")
    assert told(chat.say("¿tenéis 12 tronas?")) == ["Sí, doce.", "Cuántos"]
    assert told(chat.say("12")) != ["Sí, doce.", "Cuántos"]
    assert chat.data == {}


def test_a_value_can_be_told_with_the_answer() -> None:
    chat = chat_with(asking('type: integer, set_data: {twice: "{{ data.answer * 2 }}"}'))
    chat.say("hola")
    chat.say("cuatro")
    assert chat.data == {"answer": 4, "twice": 8}
    assert any(isinstance(entry, StateEntered) and entry.because.value == "answer" for entry in chat.trace)


def test_a_channel_without_buttons_numbers_the_meanings() -> None:
    chat = chat_with(asking("type: time"), channel="plain_text")
    chat.say("hola")
    assert told(chat.say("a las 5")) == ["¿A cuál de estas te refieres?\n\n1. 05:00\n2. 17:00"]
    chat.say("2")
    assert chat.data == {"answer": "17:00"}
