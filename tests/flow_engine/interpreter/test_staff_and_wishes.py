"""Past the flow: staff who write from the phone, customers who want no more messages, sounds that nobody hears."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flow_engine.events import StaffTookOver, WishTold
from flow_engine.outputs.output import Output, Text
from flow_engine.simulation import Conversation
from flow_engine.vocabulary import MessageType
from tests.flow_engine.normalised import program, state, text, transition
from tests.flow_engine.world import talk

FLOW = program(
    {
        "MENU": state(text("Menu"), transitions=[transition("PHOTO", on_type=["image"])], fallback="MENU"),
        "PHOTO": state(text("Nice photo"), fallback="MENU"),
    }
)
AN_HOUR = 3_600


def chatting() -> Conversation:
    conversation = talk(FLOW)
    conversation.say("hi")
    return conversation


def test_the_bot_is_silent_while_staff_write_and_speaks_after_the_silence_that_the_business_wants() -> None:
    conversation = chatting()
    assert conversation.feed(StaffTookOver(conversation.now, AN_HOUR)) == ()
    assert conversation.say("are you there?") == ()
    conversation.wait(timedelta(minutes=59))
    conversation.feed(StaffTookOver(conversation.now, AN_HOUR))
    conversation.wait(timedelta(minutes=59))
    assert conversation.say("thanks") == ()
    conversation.wait(timedelta(minutes=2))
    assert conversation.say("menu") == (Text("Menu"),)


def test_without_an_end_the_bot_waits_until_somebody_resumes_it() -> None:
    conversation = chatting()
    conversation.feed(StaffTookOver(conversation.now, AN_HOUR))
    conversation.feed(StaffTookOver(conversation.now))
    conversation.wait(timedelta(days=30))
    assert conversation.say("hello?") == ()
    assert conversation.resume() == ()
    assert conversation.say("menu") == (Text("Menu"),)


def test_staff_may_write_first_and_the_answer_is_theirs() -> None:
    conversation = talk(FLOW)
    conversation.feed(StaffTookOver(conversation.now, AN_HOUR))
    assert conversation.say("thank you") == ()
    conversation.wait(timedelta(hours=2))
    assert conversation.say("hi") == (Text("Menu"),)


@pytest.mark.parametrize(
    ("wants", "words"),
    [
        (False, "Done: we will not write to you unless you write first. Send START to change your mind."),
        (True, "Done: you will hear from us again."),
    ],
)
def test_a_wish_is_confirmed_and_the_conversation_stays_where_it_is(wants: bool, words: str) -> None:
    conversation = chatting()
    before = conversation.snapshot
    assert conversation.feed(WishTold(conversation.now, wants)) == (Text(words),)
    assert (conversation.state, conversation.data) == (before.state, dict(before.data))


def test_the_confirmation_is_said_in_the_words_of_the_business() -> None:
    conversation = talk(FLOW, sentences={"opted_out": "Adiós"})
    assert conversation.feed(WishTold(conversation.now, wants=False)) == (Text("Adiós"),)
    assert conversation.say("hi") == (Text("Menu"),)


SORRY = Text("I can't read this kind of message. Please put it in words.")
SPEECHLESS: dict[MessageType, tuple[Output, ...]] = {
    MessageType.AUDIO: (SORRY,),
    MessageType.STICKER: (SORRY,),
    MessageType.UNSUPPORTED: (SORRY,),
    MessageType.IMAGE: (Text("Nice photo"),),
    MessageType.REACTION: (),
    MessageType.TEXT: (Text("Menu"),),
}


@pytest.mark.parametrize(("kind", "replies"), SPEECHLESS.items(), ids=SPEECHLESS)
def test_what_says_nothing_is_answered_politely_unless_the_flow_wants_it(
    kind: MessageType, replies: tuple[Output, ...]
) -> None:
    assert chatting().receive(kind) == replies


def test_words_under_a_film_are_read_as_any_others() -> None:
    assert chatting().receive(MessageType.VIDEO, text="look at this") == (Text("Menu"),)
