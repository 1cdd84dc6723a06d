"""What the bot does for a customer, told through the engine's in-memory driver."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from flow_engine.outputs.output import Buttons, Option, OptionList, Section, Text
from flow_engine.simulation import Conversation
from flow_engine.vocabulary import AnswerOutcome, FailureKind, MessageType
from tests.flow_engine.hairdresser import CALENDAR, HAIRDRESSER
from tests.flow_engine.spoken import spoken
from tests.flow_engine.world import World, talk

MENU = Buttons(
    "Hi Ana! What shall we do?",
    (Option("menu_book", "Book"), Option("menu_cancel", "Cancel")),
)
DAYS = OptionList(
    "Which day works for you?",
    "See options",
    (
        Section(
            (
                Option("day_2026-03-03", "Tuesday 3"),
                Option("day_2026-03-04", "Wednesday 4", "mornings only"),
            )
        ),
    ),
)
PROBLEM = Text("Something went wrong on our side. Please try again in a moment.")


@pytest.fixture
def world() -> World:
    return World(CALENDAR)


@pytest.fixture
def chat(world: World) -> Conversation:
    return talk(HAIRDRESSER, world)


def test_the_first_word_of_a_new_customer_opens_the_menu(chat: Conversation) -> None:
    assert chat.say("hello") == (MENU,)
    assert chat.state == "MENU"


def test_a_customer_books_an_appointment_by_tapping(chat: Conversation, world: World) -> None:
    chat.say("hello")
    assert [option.id for option in chat.tap("menu_book")[0].sections[0].rows] == ["service_cut", "service_dye"]  # type: ignore[union-attr]  # a list follows
    assert chat.tap("service_cut", MessageType.LIST) == (DAYS,)
    chat.tap("day_2026-03-04", MessageType.LIST)
    assert spoken(chat.tap("slot_11:30", MessageType.LIST)[0]) == "cut on 2026-03-04 at 11:30?"
    assert chat.tap("yes") == (Text("Booked for 2026-03-04 at 11:30."),)
    assert chat.state == "BOOKED"
    assert [(call.operation, call.params) for call in world.calls] == [
        ("get_available_days", {"from_date": "2026-03-02", "lookahead_days": 14}),
        ("get_available_slots", {"date": "2026-03-04"}),
        ("book_appointment", {"date": "2026-03-04", "time": "11:30"}),
    ]


def test_a_customer_books_an_appointment_by_typing(chat: Conversation, world: World) -> None:
    for words in ("hello", "book!", "Haircút", "wednesday 4", "1", "YES"):
        chat.say(words)
    assert chat.replies == (Text("Booked for 2026-03-04 at 10:00."),)
    assert [call.operation for call in world.calls] == [
        "get_available_days",
        "get_available_slots",
        "book_appointment",
    ]


def test_a_booking_schedules_its_reminder_in_the_tenants_zone(chat: Conversation, world: World) -> None:
    book(chat)
    reminder = world.tasks["reminder:event-1"]
    assert reminder.task == "reminder"
    assert reminder.run_at == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def test_a_due_reminder_speaks_of_the_booking_and_leaves_the_conversation_where_it_is(
    chat: Conversation, world: World
) -> None:
    book(chat)
    reminder = world.tasks["reminder:event-1"]
    chat.tap("back_to_menu")
    before = chat.snapshot
    assert chat.run_task("reminder", "reminder:event-1", dict(reminder.data)) == (
        Text("Reminder: 2026-03-04 at 11:30."),
    )
    assert (chat.state, chat.data, chat.snapshot.question) == (before.state, before.data, before.question)


def test_a_cancelled_booking_takes_its_reminder_with_it(chat: Conversation, world: World) -> None:
    book(chat)
    chat.tap("back_to_menu")
    assert chat.tap("menu_cancel") == (Text("Your appointment is cancelled."),)
    assert world.tasks == {}
    assert world.calls[-1].params == {"event_id": "event-1"}


def test_the_first_transition_whose_condition_holds_is_taken(chat: Conversation) -> None:
    chat.say("hello")
    assert chat.tap("menu_cancel") == (Text("You have no appointment with us."),)


def test_a_global_transition_works_from_every_state(chat: Conversation) -> None:
    chat.say("hello")
    chat.tap("menu_book")
    assert chat.tap("back_to_menu") == (MENU,)


def test_a_text_that_matches_nothing_goes_to_the_fallback(chat: Conversation) -> None:
    chat.say("hello")
    assert chat.say("do you sell gift cards?") == (MENU,)
    assert chat.state == "MENU"


def test_a_state_without_fallback_asks_its_question_again(chat: Conversation) -> None:
    chat.say("hello")
    question = chat.tap("menu_book")
    assert chat.say("what?") == question
    assert chat.state == "SERVICE"


def test_no_free_days_is_said_and_leads_back_to_the_menu(chat: Conversation, world: World) -> None:
    world.answers["get_available_days"] = []
    chat.say("hello")
    chat.tap("menu_book")
    assert chat.tap("service_cut") == (Text("No days available right now."), MENU)
    assert chat.state == "MENU"


def test_a_calendar_that_fails_is_said_and_leads_back_to_the_menu(chat: Conversation, world: World) -> None:
    world.answers["get_available_days"] = FailureKind.TIMEOUT
    chat.say("hello")
    chat.tap("menu_book")
    assert chat.tap("service_cut") == (PROBLEM, MENU)
    assert chat.state == "MENU"


def test_a_free_question_is_answered_and_the_menu_is_asked_again() -> None:
    world = World(CALENDAR, llm=(AnswerOutcome.ANSWERED, "We open at nine."))
    chat = talk(HAIRDRESSER, world, llm_enabled=True)
    chat.say("hello")
    before = chat.data
    assert chat.say("When do you open?") == (Text("We open at nine."), MENU)
    assert (chat.state, chat.data) == ("MENU", before)
    assert [(question.question, question.language) for question in world.questions] == [("When do you open?", "en")]


def test_a_match_comes_before_the_llm() -> None:
    world = World(CALENDAR, llm=(AnswerOutcome.ANSWERED, "never said"))
    chat = talk(HAIRDRESSER, world, llm_enabled=True)
    chat.say("hello")
    chat.say("book")
    assert chat.state == "SERVICE"
    assert world.questions == []


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (AnswerOutcome.OUT_OF_SCOPE, "I don't have that information, sorry."),
        (AnswerOutcome.QUOTA_EXCEEDED, "I can't answer free questions right now. Please use the options."),
        (
            AnswerOutcome.UNAVAILABLE,
            "I can't answer that right now. Please try again later or use the options.",
        ),
    ],
)
def test_a_question_without_an_answer_gets_the_safe_sentence(outcome: AnswerOutcome, sentence: str) -> None:
    chat = talk(HAIRDRESSER, World(CALENDAR, llm=(outcome, "an invented fact")), llm_enabled=True)
    chat.say("hello")
    assert chat.say("Is the moon open?") == (Text(sentence), MENU)
    assert chat.state == "MENU"


def test_without_an_llm_a_free_question_goes_to_the_fallback() -> None:
    world = World(CALENDAR, llm=(AnswerOutcome.ANSWERED, "never said"))
    chat = talk(HAIRDRESSER, world, llm_enabled=False)
    chat.say("hello")
    assert chat.say("When do you open?") == (MENU,)
    assert world.questions == []


def test_a_channel_without_buttons_gets_numbers_and_the_numbers_work() -> None:
    chat = talk(HAIRDRESSER, World(CALENDAR), channel="sms")
    assert chat.say("hello") == (Text("Hi Ana! What shall we do?\n\n1. Book\n2. Cancel"),)
    chat.say("1")
    assert chat.state == "SERVICE"


def book(chat: Conversation) -> None:
    chat.say("hello")
    for payload in ("menu_book", "service_cut", "day_2026-03-04", "slot_11:30", "yes"):
        chat.tap(payload)
    assert chat.state == "BOOKED"
