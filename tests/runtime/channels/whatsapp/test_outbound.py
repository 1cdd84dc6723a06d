"""What each output becomes on the wire, and what is refused before it is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Parameter,
    Reaction,
    Section,
    Template,
    TemplateButton,
    TemplateForm,
    Text,
)
from flow_engine.vocabulary import JSONObject, MediaType
from runtime.channels.whatsapp import build_message
from runtime.errors import SendAction, SendError
from tests.fakes.graph.validation import problems_of
from tests.flow_engine.strategies import outputs

TO_A_NUMBER: JSONObject = {
    "messaging_product": "whatsapp",
    "recipient_type": "individual",
    "to": "+34600111222",
    "biz_opaque_callback_data": "c1:7:0",
}

LINK = "https://example.com/prices.png"

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
    "a picture": (
        Media(MediaType.IMAGE, LINK, "Our prices", "ignored.png"),
        {"type": "image", "image": {"link": LINK, "caption": "Our prices"}},
    ),
    "a document": (
        Media(MediaType.DOCUMENT, LINK, None, "prices.pdf"),
        {"type": "document", "document": {"link": LINK, "filename": "prices.pdf"}},
    ),
    "a sound": (Media(MediaType.AUDIO, LINK), {"type": "audio", "audio": {"link": LINK}}),
    "a place": (
        Location(40.4168, -3.7038, "Sol", "Puerta del Sol 1"),
        {
            "type": "location",
            "location": {"latitude": 40.4168, "longitude": -3.7038, "name": "Sol", "address": "Puerta del Sol 1"},
        },
    ),
    "a bare place": (Location(0, 0), {"type": "location", "location": {"latitude": 0, "longitude": 0}}),
    "a request for the position": (
        LocationRequest("Where?"),
        {
            "type": "interactive",
            "interactive": {
                "type": "location_request_message",
                "body": {"text": "Where?"},
                "action": {"name": "send_location"},
            },
        },
    ),
    "a request for the number": (
        ContactInfoRequest("Your number?"),
        {
            "type": "interactive",
            "interactive": {
                "type": "request_contact_info",
                "body": {"text": "Your number?"},
                "action": {"name": "request_contact_info"},
            },
        },
    ),
    "a link button": (
        LinkButton("Pay here.", "Pay", "https://example.com/pay", "Head", "Foot"),
        {
            "type": "interactive",
            "interactive": {
                "type": "cta_url",
                "header": {"type": "text", "text": "Head"},
                "body": {"text": "Pay here."},
                "footer": {"text": "Foot"},
                "action": {
                    "name": "cta_url",
                    "parameters": {"display_text": "Pay", "url": "https://example.com/pay"},
                },
            },
        },
    ),
    "a reaction": (
        Reaction("wamid.1", "👍"),
        {"type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": "👍"}},
    ),
    "a reaction taken away": (
        Reaction("wamid.1", ""),
        {"type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": ""}},
    ),
    "a template without blanks": (
        Template("hello_world", "en_US"),
        {"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}},
    ),
    "a template with blanks": (
        Template("reminder", "es", (Parameter("Ana"), Parameter("Monday")), "not sent"),
        {
            "type": "template",
            "template": {
                "name": "reminder",
                "language": {"code": "es"},
                "components": [
                    {
                        "type": "body",
                        "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "Monday"}],
                    }
                ],
            },
        },
    ),
    "a template with named blanks": (
        Template("reminder", "es", (Parameter("Ana", "customer"),)),
        {
            "type": "template",
            "template": {
                "name": "reminder",
                "language": {"code": "es"},
                "components": [
                    {
                        "type": "body",
                        "parameters": [{"type": "text", "parameter_name": "customer", "text": "Ana"}],
                    }
                ],
            },
        },
    ),
    "a template with a title": (
        Template("reminder", "es", header="Monday"),
        {
            "type": "template",
            "template": {
                "name": "reminder",
                "language": {"code": "es"},
                "components": [{"type": "header", "parameters": [{"type": "text", "text": "Monday"}]}],
            },
        },
    ),
    "a template with a file and buttons": (
        Template(
            "invoice",
            "es",
            media=Media(MediaType.DOCUMENT, "whatsapp-media:77", "never shown", "7.pdf"),
            buttons=(TemplateButton("Paid", "paid_7"), TemplateButton("Call"), TemplateButton("Pay", suffix="pay/7")),
        ),
        {
            "type": "template",
            "template": {
                "name": "invoice",
                "language": {"code": "es"},
                "components": [
                    {
                        "type": "header",
                        "parameters": [{"type": "document", "document": {"id": "77", "filename": "7.pdf"}}],
                    },
                    {
                        "type": "button",
                        "sub_type": "quick_reply",
                        "index": "0",
                        "parameters": [{"type": "payload", "payload": "paid_7"}],
                    },
                    {
                        "type": "button",
                        "sub_type": "url",
                        "index": "2",
                        "parameters": [{"type": "text", "text": "pay/7"}],
                    },
                ],
            },
        },
    ),
    "a template with a place in its head": (
        Template("delivery", "es", location=Location(40.4168, -3.7038, "Sol", "Puerta del Sol 1")),
        {
            "type": "template",
            "template": {
                "name": "delivery",
                "language": {"code": "es"},
                "components": [
                    {
                        "type": "header",
                        "parameters": [
                            {
                                "type": "location",
                                "location": {
                                    "latitude": "40.416800",
                                    "longitude": "-3.703800",
                                    "name": "Sol",
                                    "address": "Puerta del Sol 1",
                                },
                            }
                        ],
                    }
                ],
            },
        },
    ),
    "a template with a place that is nearly nought and has no name": (
        Template("delivery", "es", location=Location(0.00001, -0.0)),
        {
            "type": "template",
            "template": {
                "name": "delivery",
                "language": {"code": "es"},
                "components": [
                    {
                        "type": "header",
                        "parameters": [
                            {"type": "location", "location": {"latitude": "0.000010", "longitude": "-0.000000"}}
                        ],
                    }
                ],
            },
        },
    ),
    "a template whose buttons copy a code and open forms": (
        Template(
            "offer",
            "es",
            buttons=(
                TemplateButton("Copy code", code="SUMMER26"),
                TemplateButton("Tell us", form=TemplateForm("visit:7", {"day": "2026-03-04", "guests": 2})),
                TemplateButton("Rate us", form=TemplateForm()),
            ),
        ),
        {
            "type": "template",
            "template": {
                "name": "offer",
                "language": {"code": "es"},
                "components": [
                    {
                        "type": "button",
                        "sub_type": "copy_code",
                        "index": "0",
                        "parameters": [{"type": "coupon_code", "coupon_code": "SUMMER26"}],
                    },
                    {
                        "type": "button",
                        "sub_type": "flow",
                        "index": "1",
                        "parameters": [
                            {
                                "type": "action",
                                "action": {
                                    "flow_token": "visit:7",
                                    "flow_action_data": {"day": "2026-03-04", "guests": 2},
                                },
                            }
                        ],
                    },
                    {
                        "type": "button",
                        "sub_type": "flow",
                        "index": "2",
                        "parameters": [{"type": "action", "action": {"flow_token": "unused"}}],
                    },
                ],
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
    "a link that is none": (Media(MediaType.IMAGE, "prices.png"), "the link is no web address"),
    "a caption under a sound": (Media(MediaType.AUDIO, LINK, "listen"), "a caption under audio"),
    "a picture with a long caption": (Media(MediaType.IMAGE, LINK, "c" * 1025), "caption has 1025 characters"),
    "a place beyond the pole": (Location(91, 0), "no point on earth"),
    "a place that is no number": (Location(float("nan"), 0), "no point on earth"),
    "a reaction to nothing": (Reaction("", "👍"), "message of the reaction is empty"),
    "a long link title": (LinkButton("?", "t" * 21, LINK), "link title has 21 characters"),
    "a request without words": (LocationRequest(" "), "body is empty"),
    "a template without a name": (Template("Hello World", "es"), "the name of the template is none"),
    "a template in no language": (Template("hello", "Spanish"), "the language of the template is none"),
    "an empty blank": (Template("hello", "es", (Parameter(" "),)), "parameter is empty"),
    "a blank of two lines": (Template("hello", "es", (Parameter("a\nb"),)), "a parameter is not one line"),
    "a template with two heads": (
        Template("hello", "es", header="a", media=Media(MediaType.IMAGE, "https://example.com/a.png")),
        "two things in its head",
    ),
    "a template with a file and a place in its head": (
        Template(
            "hello", "es", media=Media(MediaType.IMAGE, "https://example.com/a.png"), location=Location(40.4, -3.7)
        ),
        "two things in its head",
    ),
    "a template with a place that is none": (
        Template("hello", "es", location=Location(999.0, -3.7)),
        "the location is no point on earth",
    ),
    "a code that is too long": (
        Template("hello", "es", buttons=(TemplateButton("Copy code", code="c" * 16),)),
        "code has 16 characters, at most 15 are allowed",
    ),
    "two codes": (
        Template("hello", "es", buttons=(TemplateButton("Copy code", code="a"), TemplateButton("Copy code", code="b"))),
        "two buttons of the template copy a code",
    ),
    "a form with an endless token": (
        Template("hello", "es", buttons=(TemplateButton("Tell us", form=TemplateForm("t" * 513)),)),
        "token of the form has 513 characters",
    ),
    "a button that copies and opens": (
        Template("hello", "es", buttons=(TemplateButton("A", code="a", form=TemplateForm()),)),
        "two things at once",
    ),
    "a sound in the head of a template": (
        Template("hello", "es", media=Media(MediaType.AUDIO, "https://example.com/a.ogg")),
        "a file of type audio in the head",
    ),
    "a file from nowhere in the head of a template": (
        Template("hello", "es", media=Media(MediaType.IMAGE, "a.png")),
        "the link is no web address",
    ),
    "a button that is two things": (
        Template("hello", "es", buttons=(TemplateButton("A", "a", "b"),)),
        "two things at once",
    ),
    "eleven template buttons": (Template("hello", "es", buttons=(TemplateButton("A"),) * 11), "11 template buttons"),
    "blanks of both kinds": (Template("hello", "es", (Parameter("a", "b"), Parameter("c"))), "some parameters have"),
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


def is_well_named(output: Output) -> bool:
    """Names of templates and of their blanks are written out by an author, and the check of a flow refuses others."""
    return not isinstance(output, Template)


@given(output=outputs.filter(is_well_named))
def test_whatever_the_engine_shapes_for_whatsapp_can_be_sent_and_graph_takes_it(output: Output) -> None:
    for shaped in degrade(output, read_capabilities()["whatsapp"]):
        message = build_message(shaped, contact_id="34600111222", our_id="c1:7:0")
        assert [problem for problem in problems_of(message) if "no emoji" not in problem] == []


@given(texts=st.lists(st.text(max_size=30), max_size=4))
def test_whatever_fills_the_blanks_of_a_template_graph_takes_it(texts: list[str]) -> None:
    template = Template("reminder", "es", tuple(map(Parameter, texts)))
    (shaped,) = degrade(template, read_capabilities()["whatsapp"])
    assert problems_of(build_message(shaped, contact_id="34600111222", our_id="c1:7:0")) == []
