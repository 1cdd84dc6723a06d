"""What each output becomes on the wire, and that Graph takes it."""

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
    Text,
)
from flow_engine.vocabulary import JSONObject, MediaType
from runtime.channels.whatsapp import build_message
from tests.fakes.graph.validation import problems_of
from tests.flow_engine.strategies import outputs
from tests.runtime.channels.whatsapp.template_forms import LINK, TEMPLATE_FORMS

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
    **TEMPLATE_FORMS,
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
