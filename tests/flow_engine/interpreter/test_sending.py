"""What each sending action says: on WhatsApp, and in plain text."""

from __future__ import annotations

import pytest

from flow_engine.outputs.output import (
    ContactInfoRequest,
    LinkButton,
    Location,
    LocationRequest,
    Media,
    Output,
    Parameter,
    Reaction,
    Template,
    TemplateButton,
    TemplateForm,
    Text,
)
from flow_engine.vocabulary import JSON, JSONObject, MediaType, MessageType
from tests.flow_engine.normalised import program, state, text, transition
from tests.flow_engine.world import talk

PAY = "https://example.com/pay/7"
MAP = "https://www.google.com/maps/search/?api=1&query="


def action(kind: str, /, **fields: JSON) -> JSONObject:
    return {"action": kind} | fields


MEDIA = action(
    "send_media", media_type="image", url="https://example.com/{{ data.id }}.png", caption="Our {{ data.what }}"
)
PLACE = action("send_location", latitude=40.4, longitude="{{ data.east }}", name="{{ business.name }}")
LINK = action(
    "send_link_button",
    body="Pay here.",
    title="Pay",
    url="https://example.com/pay/{{ data.id }}",
    header=None,
    footer=None,
)
FILLED = action("send_template", name="reminder", language="es", parameters=["{{ contact.name }}", "{{ data.no }}"])
NAMED = action(
    "send_template", name="reminder", language="es", parameters={"customer": "{{ contact.name }}"}, text="Hi!"
)
WHOLE = action(
    "send_template",
    name="invoice",
    language="es",
    parameters=[],
    text="Your invoice",
    header="{{ data.id }}",
    media={"media_type": "document", "url": PAY, "filename": "{{ data.id }}.pdf"},
    buttons=[
        {"title": "Paid", "id": "paid_{{ data.id }}"},
        {"title": "Pay", "suffix": "pay/{{ data.id }}"},
        {"title": "Call us"},
    ],
)
COPY: JSONObject = {"title": "Copy code", "code": "GIFT{{ data.id }}"}
OFFER = action(
    "send_template",
    name="offer",
    language="es",
    parameters=[],
    text="A present for you.",
    location={"latitude": 40.4, "longitude": "{{ data.east }}", "name": "{{ business.name }}"},
    buttons=[
        COPY,
        {"title": "Tell us", "form": {"token": "visit:{{ data.id }}", "data": {"days": ["{{ data.what }}", 2]}}},
        {"title": "Rate us", "form": {"token": None, "data": {}}},
    ],
)

# The action: what WhatsApp is sent, what a channel with nothing but text is sent.
SENT: dict[str, tuple[JSONObject, Output, str]] = {
    "a picture": (
        MEDIA,
        Media(MediaType.IMAGE, "https://example.com/7.png", "Our prices"),
        "Our prices\nhttps://example.com/7.png",
    ),
    "a file without words": (
        action("send_media", media_type="document", url=PAY, filename="bill-{{ data.id }}.pdf"),
        Media(MediaType.DOCUMENT, PAY, None, "bill-7.pdf"),
        PAY,
    ),
    "a file with an address that is none": (
        action("send_media", media_type="image", url="{{ data.no }}", caption="Our prices"),
        Text("Our prices"),
        "Our prices",
    ),
    "a place": (PLACE, Location(40.4, -3.7, "Peluquería Sol"), f"Peluquería Sol\n{MAP}40.4,-3.7"),
    "a place that is none": (
        action("send_location", latitude="{{ data.what }}", longitude=0, name="Sol", address="Calle Mayor 1"),
        Text("Sol\nCalle Mayor 1"),
        "Sol\nCalle Mayor 1",
    ),
    "a request for the position": (action("request_location", body="Where?"), LocationRequest("Where?"), "Where?"),
    "a request for the number": (
        action("request_contact_info", body="Your number?"),
        ContactInfoRequest("Your number?"),
        "Your number?",
    ),
    "a link button": (LINK, LinkButton("Pay here.", "Pay", PAY), f"Pay here.\n\nPay:\n{PAY}"),
    "a link button to nowhere": (LINK | {"url": "javascript:alert(1)"}, Text("Pay here."), "Pay here."),
    "a reaction": (action("send_reaction", emoji="👍"), Reaction("m2", "👍"), "👍"),
    "a template whose blank is empty": (
        FILLED,
        Template("reminder", "es", (Parameter("Ana"), Parameter("–"))),
        "Ana",
    ),
    "a template with named blanks": (
        NAMED,
        Template("reminder", "es", (Parameter("Ana", "customer"),), "Hi!"),
        "Hi!",
    ),
    "a template with a title, a file and buttons": (
        WHOLE,
        Template(
            "invoice",
            "es",
            (),
            "Your invoice",
            "7",
            Media(MediaType.DOCUMENT, PAY, None, "7.pdf"),
            (TemplateButton("Paid", "paid_7"), TemplateButton("Pay", None, "pay/7"), TemplateButton("Call us")),
        ),
        "Your invoice\n\n1. Paid",
    ),
    "a template with a place, a code and a form": (
        OFFER,
        Template(
            "offer",
            "es",
            (),
            "A present for you.",
            None,
            None,
            (
                TemplateButton("Copy code", code="GIFT7"),
                TemplateButton("Tell us", form=TemplateForm("visit:7", {"days": ["prices", 2]})),
                TemplateButton("Rate us", form=TemplateForm()),
            ),
            Location(40.4, -3.7, "Peluquería Sol"),
        ),
        "A present for you.\nGIFT7",
    ),
    "a template with a code that its text tells": (
        OFFER | {"text": "Your code is GIFT{{ data.id }}.", "location": None, "buttons": [COPY]},
        Template("offer", "es", (), "Your code is GIFT7.", None, None, (TemplateButton("Copy code", code="GIFT7"),)),
        "Your code is GIFT7.",
    ),
}
DATA: JSONObject = {"id": "7", "what": "prices", "east": "-3.7"}


def one(sent: JSONObject) -> JSONObject:
    return program(
        {"START": state(transitions=[transition("SEND", on_type=["text"], set_data=DATA)]), "SEND": state(sent)}
    )


@pytest.mark.parametrize(("sent", "output"), [case[:2] for case in SENT.values()], ids=SENT)
def test_on_whatsapp(sent: JSONObject, output: Output) -> None:
    conversation = talk(one(sent))
    conversation.say("first")
    assert conversation.say("go") == (output,)


@pytest.mark.parametrize(("sent", "words"), [(case[0], case[2]) for case in SENT.values()], ids=SENT)
def test_in_plain_text(sent: JSONObject, words: str) -> None:
    conversation = talk(one(sent), channel="a channel nobody knows")
    conversation.say("first")
    assert conversation.say("go") == (Text(words),)


@pytest.mark.parametrize("name", ["request_location", "request_contact_info"])
def test_a_request_is_the_open_question_and_is_asked_again(name: str) -> None:
    kind = "location" if name == "request_location" else "contacts"
    asking = state(action(name, body="Please."), transitions=[transition("DONE", on_type=[kind])])
    conversation = talk(program({"ASK": asking, "DONE": state(text("Thank you."))}))
    first = conversation.say("hi")
    assert conversation.say("what?") == first
    assert conversation.receive(MessageType(kind)) == (Text("Thank you."),)


def test_before_the_customer_has_said_anything_a_reaction_is_a_text() -> None:
    flow = program({"S": state()}, tasks={"wave": [action("send_reaction", emoji="👋")]})
    assert talk(flow).run_task("wave") == (Text("👋"),)
