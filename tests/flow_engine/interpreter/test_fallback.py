"""What happens to a message that matches nothing, whatever kind it is."""

from __future__ import annotations

import pytest

from flow_engine.outputs.output import Text
from flow_engine.trace import EnteredBecause, MessageIgnored, QuestionRepeated, StateEntered
from flow_engine.vocabulary import MessageType
from tests.flow_engine.normalised import buttons, program, state, text, transition
from tests.flow_engine.spoken import spoken
from tests.flow_engine.world import MONDAY, World, load, talk

QUESTION = buttons("Sure?", ("yes", "Yes"), ("no", "No"))
SPEAKING_TYPES = [type_ for type_ in MessageType if type_ not in (MessageType.REACTION, MessageType.WELCOME)]


@pytest.mark.parametrize("type_", SPEAKING_TYPES)
def test_any_message_that_matches_nothing_enters_the_fallback(type_: MessageType) -> None:
    chat = talk(program({"A": state(text("a"), fallback="B"), "B": state(text("b"))}))
    chat.say("hello")
    assert chat.receive(type_, text="?") == (Text("b"),)
    assert chat.trace[-2] == StateEntered("B", EnteredBecause.FALLBACK)


def test_a_fallback_to_the_state_itself_enters_it_again() -> None:
    chat = talk(program({"A": state(text("a"), fallback="A")}))
    chat.say("hello")
    assert chat.say("?") == (Text("a"),)


def test_without_fallback_the_open_question_is_repeated_and_nothing_else_of_the_state() -> None:
    chat = talk(program({"A": state(text("Welcome!"), QUESTION)}))
    chat.say("hello")
    assert [spoken(output) for output in chat.say("?")] == ["Sure?"]
    assert chat.trace == (QuestionRepeated("A"),)


def test_without_fallback_and_question_the_state_is_entered_again() -> None:
    chat = talk(program({"A": state(text("a"))}))
    chat.say("hello")
    assert chat.say("?") == (Text("a"),)
    assert chat.trace[0] == StateEntered("A", EnteredBecause.RE_ENTRY)


@pytest.mark.parametrize("begun", [False, True], ids=["before the first word", "in a conversation"])
def test_a_reaction_asks_for_no_reply(begun: bool) -> None:
    chat = talk(program({"A": state(QUESTION, fallback="A")}))
    if begun:
        chat.say("hello")
    before = chat.snapshot
    assert chat.receive(MessageType.REACTION, text="❤") == ()
    assert chat.effects == ()
    assert chat.trace == (MessageIgnored(MessageType.REACTION),)
    assert (chat.state, chat.snapshot.question) == (before.state, before.question)


def test_a_reaction_is_answered_where_a_rule_speaks_of_it() -> None:
    thanks = transition("THANKS", on_type=["reaction"])
    chat = talk(program({"A": state(QUESTION, transitions=[thanks]), "THANKS": state(text("Thank you!"))}))
    chat.say("hello")
    assert chat.receive(MessageType.REACTION, text="❤") == (Text("Thank you!"),)


def test_opening_the_chat_starts_the_flow() -> None:
    chat = talk(program({"A": state(text("a"))}))
    assert chat.receive(MessageType.WELCOME) == (Text("a"),)


def test_opening_a_chat_that_is_under_way_repeats_the_open_question() -> None:
    chat = talk(program({"A": state(text("Welcome!"), QUESTION, fallback="B"), "B": state()}))
    chat.say("hello")
    assert [spoken(output) for output in chat.receive(MessageType.WELCOME)] == ["Sure?"]
    assert chat.state == "A"


def test_opening_a_chat_that_is_under_way_without_a_question_asks_for_nothing() -> None:
    chat = talk(program({"A": state(text("a"))}))
    chat.say("hello")
    assert chat.receive(MessageType.WELCOME) == ()
    assert chat.trace == (MessageIgnored(MessageType.WELCOME),)


def test_a_state_that_a_new_version_no_longer_has_starts_the_flow_over_and_keeps_the_data() -> None:
    old = program({"A": state(transitions=[transition("GONE", on_payload="x", set_data={"kept": 1})]), "GONE": state()})
    chat = talk(old)
    chat.say("hello")
    chat.tap("x")
    chat.program = load(program({"A": state(text("start"))}))
    moved = Text("We have changed something here, so let us start again.")
    assert chat.say("?") == (moved, Text("start"))
    assert chat.trace[0] == StateEntered("A", EnteredBecause.STATE_GONE)
    assert chat.data == {"kept": 1}


def test_the_contact_is_known_by_what_the_channel_told_last() -> None:
    chat = talk(program({"A": state(text("{{contact.name}} {{contact.id}} {{business.name}}"), fallback="A")}), World())
    assert chat.say("hello") == (Text("Ana ana Peluquería Sol"),)
    assert dict(chat.snapshot.contact) == {"id": "ana", "name": "Ana", "phone": None}


def test_today_and_now_are_those_of_the_event_in_the_tenants_zone_and_are_never_stored() -> None:
    chat = talk(program({"A": state(text("{{data.today}} {{data.now}}"), fallback="A")}))
    chat.now = MONDAY.replace(hour=23, minute=30)
    assert chat.say("hello") == (Text("2026-03-03 2026-03-03T00:30:00+01:00"),)
    assert chat.data == {}
