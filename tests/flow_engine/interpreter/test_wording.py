"""Transitions that look at what was written: keywords, patterns, advertisements, kinds of message."""

from __future__ import annotations

import pytest

from flow_engine.trace import TransitionsTried, Verdict
from flow_engine.vocabulary import JSON, MessageType
from tests.flow_engine.interpreter.flows_in_yaml import chat_with


def flow(*transitions: str, extra: str = "") -> str:
    lines = "\n".join(f"      - {{{transition}, target: END}}" for transition in transitions)
    return f"""
id: f
initial_state: START
states:
  START:
    on_enter: [{{action: send_text, text: "?"}}{extra}]
    transitions:
{lines}
  END: {{on_enter: [{{action: send_text, text: "end"}}]}}
"""


KEYWORDS = [
    ("the word itself", "on_text: menu", "menu", True),
    ("the word in another dress", "on_text: menú", "¡¡ MENU !! 🎉", True),
    ("one of several", "on_text: [hola, buenas]", "Buenas", True),
    ("two words with signs between them", "on_text: buenos días", "Buenos... DÍAS", True),
    ("the word within a sentence", "on_text: menu", "el menu por favor", False),
    ("a part of the word", "on_text: menu", "men", False),
    ("a word of the contact's language", "on_text: {es: inicio, en: home}", "inicio", True),
    ("a word of another language", "on_text: {es: inicio, en: home}", "home", False),
    ("a word of another language where the contact's has none", "on_text: {fr: accueil, en: home}", "home", True),
    ("a word of every language", 'on_text: {"*": ok, en: home}', "OK", True),
    ("both conditions", "on_text: menu, on_type: text", "menu", True),
    ("only one of two conditions", "on_text: menu, on_type: image", "menu", False),
]


@pytest.mark.parametrize(
    ("given", "said", "matches"), [case[1:] for case in KEYWORDS], ids=[case[0] for case in KEYWORDS]
)
def test_a_keyword(given: str, said: str, matches: bool) -> None:
    chat = chat_with(flow(given))
    chat.say("hola?")
    chat.say(said)
    assert chat.state == ("END" if matches else "START")


PATTERNS = [
    ("a group goes to data", r"on_pattern: 'pedido (?P<order>\d+)'", "mi pedido 123 va tarde", {"order": "123"}),
    ("the letters count as they are", "on_pattern: 'pedido'", "PEDIDO", None),
    ("a flag in the pattern", "on_pattern: '(?i)pedido'", "PEDIDO", {}),
    ("a whole text", "on_pattern: '^[A-Z]{2}[0-9]{4}$'", "AB1234", {}),
    ("a group that takes no part is left out", "on_pattern: '(?P<a>x)|(?P<b>y)'", "y", {"b": "y"}),
    ("half a surrogate pair", "on_pattern: '.'", "\ud800", None),
    ("letters beyond ASCII", "on_pattern: '(?P<w>ñandú)'", "un ñandú", {"w": "ñandú"}),
    ("a text as long as messages get", "on_pattern: 'a$'", "a" * 4096, {}),
    ("a text that is longer", "on_pattern: 'a$'", "a" * 4097, None),
]


@pytest.mark.parametrize(("given", "said", "data"), [case[1:] for case in PATTERNS], ids=[case[0] for case in PATTERNS])
def test_a_pattern(given: str, said: str, data: dict[str, JSON] | None) -> None:
    chat = chat_with(flow(given))
    chat.say("")
    chat.say(said)
    assert chat.state == ("START" if data is None else "END")
    assert chat.data == (data or {})


def test_a_message_that_answers_an_advertisement() -> None:
    chat = chat_with(flow("on_referral: true"))
    chat.say("hola")
    chat.receive(MessageType.TEXT, text="hola", content={"referral": {}})
    assert chat.trace[-3:] != ()
    assert chat.state == "START"
    chat.receive(MessageType.TEXT, text="hola", content={"referral": {"source_id": "1", "ctwa_clid": "x"}})
    assert chat.state == "END"


@pytest.mark.parametrize("type_", list(MessageType))
def test_every_kind_of_message_can_be_asked_for(type_: MessageType) -> None:
    chat = chat_with(flow(f"on_type: {type_.value}"))
    chat.say("hola") if type_ is not MessageType.TEXT else chat.receive(MessageType.STICKER)
    chat.receive(type_, text="x", payload="p" if type_ in (MessageType.BUTTON, MessageType.LIST) else None)
    assert chat.state == "END"


def test_the_trace_names_the_condition_that_did_not_hold() -> None:
    chat = chat_with(flow("on_text: menu", "on_pattern: 'x'", "on_referral: true"))
    chat.say("hola")
    chat.say("nada")
    verdicts = (Verdict.OTHER_TEXT, Verdict.OTHER_PATTERN, Verdict.NO_REFERRAL)
    assert TransitionsTried("START", verdicts) in chat.trace


def test_a_keyword_comes_before_the_beginning_of_an_option() -> None:
    buttons = ', {action: send_interactive_buttons, body: "?", buttons: [{id: m, title: "Menú del día"}]}'
    chat = chat_with(
        flow("on_payload: m, set_data: {by: option}", "on_text: menu, set_data: {by: word}", extra=buttons)
    )
    chat.say("hola")
    chat.say("menu")
    assert chat.data == {"by": "word"}
    again = chat_with(
        flow("on_payload: m, set_data: {by: option}", "on_text: hora, set_data: {by: word}", extra=buttons)
    )
    again.say("hola")
    again.say("menu")
    assert again.data == {"by": "option"}
