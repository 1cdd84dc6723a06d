"""How each output leaves, and that whatever the engine shapes for Telegram is taken by the strict server."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from flow_engine.outputs.capabilities import read_capabilities
from flow_engine.outputs.degradation import degrade
from flow_engine.outputs.output import (
    Buttons,
    ContactInfoRequest,
    LinkButton,
    Location,
    LocationRequest,
    Media,
    Option,
    OptionList,
    Output,
    Reaction,
    Section,
    Template,
    Text,
)
from flow_engine.vocabulary import MediaType
from runtime.channels.telegram.outbound import render
from runtime.channels.telegram.words import words_in
from runtime.errors import SendAction, SendError
from tests.fakes.telegram.validation import problems_of
from tests.flow_engine.strategies import outputs

ES = words_in("es-ES")
LONG_ID = "choose_" + "x" * 80


def rendered(output: Output, our_id: str = "c1:7:0") -> tuple[str, dict[str, Any]]:
    call = render(output, contact_id="700", our_id=our_id, words=ES)
    assert call.parameters.pop("chat_id") == "700"
    return call.method, call.parameters


def button(text: str, data: str) -> list[dict[str, str]]:
    return [{"text": text, "callback_data": data}]


SHOWN: dict[str, tuple[Output, str, dict[str, Any]]] = {
    "a text": (Text("Hola"), "sendMessage", {"text": "Hola"}),
    "two buttons": (
        Buttons("¿Sí?", (Option("y~1", "Sí"), Option("n~1", "No"))),
        "sendMessage",
        {"text": "¿Sí?", "reply_markup": {"inline_keyboard": [button("Sí", "y~1"), button("No", "n~1")]}},
    ),
    "a frame, counted in UTF-16 units": (
        Buttons("body", (Option("y", "Y"),), header="💇 Head", footer="foot"),
        "sendMessage",
        {
            "text": "💇 Head\n\nbody\n\nfoot",
            "entities": [
                {"type": "bold", "offset": 0, "length": 7},
                {"type": "italic", "offset": 15, "length": 4},
            ],
            "reply_markup": {"inline_keyboard": [button("Y", "y")]},
        },
    ),
    "a list, should one come": (
        OptionList("Which?", "Open", (Section((Option("a", "A"),), "S"), Section((Option("b", "B"),), "T"))),
        "sendMessage",
        {"text": "Which?", "reply_markup": {"inline_keyboard": [button("A", "a"), button("B", "b")]}},
    ),
    "a link button": (
        LinkButton("See", "Open", "https://x.example/"),
        "sendMessage",
        {"text": "See", "reply_markup": {"inline_keyboard": [[{"text": "Open", "url": "https://x.example/"}]]}},
    ),
    "a location request": (
        LocationRequest("Where?"),
        "sendMessage",
        {
            "text": "Where?",
            "reply_markup": {
                "keyboard": [[{"text": "📍 Enviar mi ubicación", "request_location": True}]],
                "one_time_keyboard": True,
                "resize_keyboard": True,
            },
        },
    ),
    "a request for the number": (
        ContactInfoRequest("Number?"),
        "sendMessage",
        {
            "text": "Number?",
            "reply_markup": {
                "keyboard": [[{"text": "📱 Enviar mi número de teléfono", "request_contact": True}]],
                "one_time_keyboard": True,
                "resize_keyboard": True,
            },
        },
    ),
    "a picture": (
        Media(MediaType.IMAGE, "https://x.example/a.png", "cap"),
        "sendPhoto",
        {"photo": "https://x.example/a.png", "caption": "cap"},
    ),
    "a sound": (Media(MediaType.AUDIO, "https://x.example/a.mp3"), "sendAudio", {"audio": "https://x.example/a.mp3"}),
    "a voice note": (
        Media(MediaType.AUDIO, "https://x.example/a.OGG?v=1"),
        "sendVoice",
        {"voice": "https://x.example/a.OGG?v=1"},
    ),
    "a film": (Media(MediaType.VIDEO, "https://x.example/a.mp4"), "sendVideo", {"video": "https://x.example/a.mp4"}),
    "a document": (
        Media(MediaType.DOCUMENT, "https://x.example/a.pdf", None, "prices.pdf"),
        "sendDocument",
        {"document": "https://x.example/a.pdf"},
    ),
    "a sticker": (
        Media(MediaType.STICKER, "https://x.example/a.webp"),
        "sendSticker",
        {"sticker": "https://x.example/a.webp"},
    ),
    "a point": (Location(40.4, -3.7), "sendLocation", {"latitude": 40.4, "longitude": -3.7}),
    "a place with a name only": (
        Location(40.4, -3.7, "Salon"),
        "sendVenue",
        {"latitude": 40.4, "longitude": -3.7, "title": "Salon", "address": "Salon"},
    ),
    "a place with both": (
        Location(40.4, -3.7, "Salon", "Calle 1"),
        "sendVenue",
        {"latitude": 40.4, "longitude": -3.7, "title": "Salon", "address": "Calle 1"},
    ),
    "a reaction": (
        Reaction("700:12", "👍"),
        "setMessageReaction",
        {"message_id": 12, "reaction": [{"type": "emoji", "emoji": "👍"}]},
    ),
    "a reaction taken back": (Reaction("700:12", ""), "setMessageReaction", {"message_id": 12, "reaction": []}),
}


@pytest.mark.parametrize(("output", "method", "parameters"), SHOWN.values(), ids=SHOWN)
def test_an_output_leaves_as_the_bot_api_wants_it(output: Output, method: str, parameters: dict[str, Any]) -> None:
    assert rendered(output) == (method, parameters)
    assert [p for p in problems_of(method, {"chat_id": "700", **parameters}) if "wrong type" not in p] == []


def test_an_id_that_is_too_long_travels_as_a_reference_of_its_message() -> None:
    output = Buttons("?", (Option("short", "S"), Option(LONG_ID, "L"), Option("*star", "*")))
    _, parameters = rendered(output)
    data = [row[0]["callback_data"] for row in parameters["reply_markup"]["inline_keyboard"]]
    assert data[0] == "short"
    assert data[1].startswith("*")
    assert data[1].endswith(".1")
    assert data[2].endswith(".2")
    assert rendered(output, our_id="c1:8:0")[1] != parameters


PARKED: dict[str, tuple[Output, str]] = {
    "a text of 4,097 units": (Text("x" * 4097), "text has 4097 UTF-16 units"),
    "an emoji counts twice": (Text("😀" * 2049), "text has 4098 UTF-16 units"),
    "a caption that is too long": (Media(MediaType.IMAGE, "https://x.example/a.png", "x" * 1025), "caption has 1025"),
    "a blank text": (Text(" "), "the text is empty"),
    "a template": (Template("reminder", "es"), "Telegram has no templates"),
    "a reaction to a tap": (Reaction("tap:99", "👍"), "only a written message can be reacted to"),
}


@pytest.mark.parametrize(("output", "reason"), PARKED.values(), ids=PARKED)
def test_what_is_no_telegram_message_is_parked_with_a_reason(output: Output, reason: str) -> None:
    with pytest.raises(SendError) as caught:
        rendered(output)
    assert caught.value.action is SendAction.PARK
    assert reason in caught.value.detail


@given(output=outputs)
def test_whatever_the_engine_shapes_for_telegram_is_taken(output: Output) -> None:
    for shaped in degrade(output, read_capabilities()["telegram"]):
        if isinstance(shaped, Reaction):
            continue  # which emoji there are is the author's affair; which message, the conversation's
        method, parameters = rendered(shaped)
        assert [p for p in problems_of(method, {"chat_id": "700", **parameters}) if "content" not in p] == []
