"""What each output becomes on the wire, and what is refused before it is sent."""

from __future__ import annotations

import pytest

from flow_engine.outputs.output import Buttons, Option, OptionList, Output, Section, Text
from flow_engine.vocabulary import JSONObject
from runtime.channels.whatsapp import build_message
from runtime.errors import SendAction, SendError
from tests.fakes.graph.validation import problems_of

TO_A_NUMBER: JSONObject = {
    "messaging_product": "whatsapp",
    "recipient_type": "individual",
    "to": "+34600111222",
    "biz_opaque_callback_data": "c1:7:0",
}

FORMS: dict[str, tuple[Output, JSONObject]] = {
    "a text": (Text("Hola"), {"type": "text", "text": {"body": "Hola"}}),
    "buttons": (
        Buttons("What now?", (Option("menu_book", "Book"), Option("menu_cancel", "Cancel"))),
        {
            "type": "interactive",
            "interactive": {
                "type": "button",
                "body": {"text": "What now?"},
                "action": {
                    "buttons": [
                        {"type": "reply", "reply": {"id": "menu_book", "title": "Book"}},
                        {"type": "reply", "reply": {"id": "menu_cancel", "title": "Cancel"}},
                    ]
                },
            },
        },
    ),
    "buttons with header and footer": (
        Buttons("Body", (Option("a", "A"),), header="Head", footer="Foot"),
        {
            "type": "interactive",
            "interactive": {
                "type": "button",
                "header": {"type": "text", "text": "Head"},
                "body": {"text": "Body"},
                "footer": {"text": "Foot"},
                "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": "A"}}]},
            },
        },
    ),
    "a list with one section": (
        OptionList("Which day?", "Days", (Section((Option("day_1", "Mon", "morning"), Option("day_2", "Tue"))),)),
        {
            "type": "interactive",
            "interactive": {
                "type": "list",
                "body": {"text": "Which day?"},
                "action": {
                    "button": "Days",
                    "sections": [
                        {
                            "rows": [
                                {"id": "day_1", "title": "Mon", "description": "morning"},
                                {"id": "day_2", "title": "Tue"},
                            ]
                        }
                    ],
                },
            },
        },
    ),
    "a list with two sections": (
        OptionList("?", "Open", (Section((Option("a", "A"),), "One"), Section((Option("b", "B"),), "Two")), "H", "F"),
        {
            "type": "interactive",
            "interactive": {
                "type": "list",
                "header": {"type": "text", "text": "H"},
                "body": {"text": "?"},
                "footer": {"text": "F"},
                "action": {
                    "button": "Open",
                    "sections": [
                        {"title": "One", "rows": [{"id": "a", "title": "A"}]},
                        {"title": "Two", "rows": [{"id": "b", "title": "B"}]},
                    ],
                },
            },
        },
    ),
}


@pytest.mark.parametrize(("output", "form"), FORMS.values(), ids=FORMS)
def test_an_output_becomes_this_message(output: Output, form: JSONObject) -> None:
    message = build_message(output, contact_id="34600111222", our_id="c1:7:0")
    assert message == TO_A_NUMBER | form
    assert problems_of(message) == []


def test_a_user_id_is_addressed_as_recipient() -> None:
    message = build_message(Text("Hola"), contact_id="ES.1349", our_id="c1:7:0")
    assert (message.get("recipient"), "to" in message) == ("ES.1349", False)
    assert problems_of(message) == []


def options(count: int, title: str = "T{}", identifier: str = "i{}") -> tuple[Option, ...]:
    return tuple(Option(identifier.format(n), title.format(n)) for n in range(count))


def rows(count: int) -> tuple[Section, ...]:
    return (Section(options(count)),)


LARGEST: dict[str, Output] = {
    "text": Text("x" * 4096),
    "buttons": Buttons("x" * 1024, (Option("i" * 256, "t" * 20), *options(2)), "h" * 60, "f" * 60),
    "list": OptionList(
        "x" * 1024,
        "b" * 20,
        (Section((Option("i" * 200, "t" * 24, "d" * 72), *options(8)), "s" * 24), Section((Option("z", "Z"),), "S")),
        "h" * 60,
        "f" * 60,
    ),
    "ten sections": OptionList("?", "b", tuple(Section((Option(f"{n}", f"T{n}"),), f"S{n}") for n in range(10))),
}


@pytest.mark.parametrize("output", LARGEST.values(), ids=LARGEST)
def test_the_largest_message_passes_here_and_at_graph(output: Output) -> None:
    assert problems_of(build_message(output, contact_id="34600111222", our_id="i" * 512)) == []


TOO_MUCH: dict[str, tuple[Output, str]] = {
    "a long text": (Text("x" * 4097), "text has 4097 characters, at most 4096 are allowed"),
    "an empty text": (Text(" \n"), "text is empty"),
    "a long body": (Buttons("x" * 1025, options(1)), "body has 1025 characters"),
    "four buttons": (Buttons("?", options(4)), "4 buttons, 1 to 3 are allowed"),
    "no button": (Buttons("?", ()), "0 buttons, 1 to 3 are allowed"),
    "a long button title": (Buttons("?", options(1, "t" * 21)), "button title has 21 characters"),
    "a title of five families": (Buttons("?", options(1, "👨‍👩‍👧" * 5)), "button title has 25 characters"),
    "two buttons with one title": (Buttons("?", options(2, "same")), "the same button title twice"),
    "two buttons with one id": (Buttons("?", options(2, identifier="same")), "the same button id twice"),
    "an id with blanks around it": (Buttons("?", options(1, identifier=" a")), "button id with blanks around it"),
    "a long button id": (Buttons("?", options(1, identifier="i" * 257)), "button id has 257 characters"),
    "a long header": (Buttons("?", options(1), header="h" * 61), "header has 61 characters"),
    "a long footer": (Buttons("?", options(1), footer="f" * 61), "footer has 61 characters"),
    "eleven rows": (OptionList("?", "b", rows(11)), "11 list rows, 1 to 10 are allowed"),
    "no rows": (OptionList("?", "b", ()), "0 list sections, 1 to 10 are allowed"),
    "an empty section": (OptionList("?", "b", (*rows(1), Section((), "S"))), "a list section without rows"),
    "a long caption": (OptionList("?", "b" * 21, rows(1)), "list caption has 21 characters"),
    "a long row title": (OptionList("?", "b", (Section(options(1, "t" * 25)),)), "row title has 25 characters"),
    "a long description": (
        OptionList("?", "b", (Section((Option("a", "A", "d" * 73),)),)),
        "row description has 73 characters",
    ),
    "two sections without titles": (
        OptionList("?", "b", (Section((Option("a", "A"),)), Section((Option("b", "B"),)))),
        "section title is empty",
    ),
}


@pytest.mark.parametrize(("output", "problem"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_whatsapp_would_refuse_is_parked_with_the_reason(output: Output, problem: str) -> None:
    with pytest.raises(SendError) as caught:
        build_message(output, contact_id="34600111222", our_id="c1:7:0")
    assert caught.value.action is SendAction.PARK
    assert problem in caught.value.detail


def test_every_problem_is_named_at_once_without_quoting_the_text() -> None:
    with pytest.raises(SendError) as caught:
        build_message(Buttons("SECRET" * 999, options(4, "t" * 21)), contact_id="1", our_id="x" * 513)
    assert caught.value.detail.count(";") >= 6
    assert "SECRET" not in caught.value.detail
