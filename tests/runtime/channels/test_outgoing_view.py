"""How each output reads under ``GET /messages``."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

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
from runtime.channels.outgoing_view import view
from runtime.ports.outgoing_messages import OutgoingMessage

A: JSONObject = {"id": "a", "title": "A", "description": None}

SHOWN: dict[str, tuple[Output, JSONObject]] = {
    "a text": (Text("Hola"), {"type": "text", "text": "Hola"}),
    "buttons": (
        Buttons("?", (Option("a", "A"),), "H", "F"),
        {"type": "buttons", "text": "?", "header": "H", "footer": "F", "options": [A]},
    ),
    "a list": (
        OptionList("?", "Open", (Section((Option("a", "A"),), "S"),)),
        {
            "type": "list",
            "text": "?",
            "header": None,
            "footer": None,
            "button": "Open",
            "options": [A],
            "sections": [{"title": "S", "rows": [A]}],
        },
    ),
    "a picture": (
        Media(MediaType.IMAGE, "https://example.com/a.png", "Prices"),
        {
            "type": "media",
            "text": "Prices",
            "media_type": "image",
            "url": "https://example.com/a.png",
            "filename": None,
        },
    ),
    "a place": (
        Location(40.4, -3.7, "Sol"),
        {"type": "location", "text": "", "latitude": 40.4, "longitude": -3.7, "name": "Sol", "address": None},
    ),
    "a request for the position": (LocationRequest("Where?"), {"type": "location_request", "text": "Where?"}),
    "a request for the number": (ContactInfoRequest("Number?"), {"type": "contact_info_request", "text": "Number?"}),
    "a link button": (
        LinkButton("Pay.", "Pay", "https://example.com/pay"),
        {
            "type": "link_button",
            "text": "Pay.",
            "header": None,
            "footer": None,
            "title": "Pay",
            "url": "https://example.com/pay",
        },
    ),
    "a reaction": (Reaction("m1", "👍"), {"type": "reaction", "text": "👍", "message_id": "m1"}),
    "a template": (
        Template("reminder", "es", (Parameter("Ana", "customer"),)),
        {
            "type": "template",
            "text": "",
            "name": "reminder",
            "language": "es",
            "parameters": [{"name": "customer", "text": "Ana"}],
        },
    ),
}


@pytest.mark.parametrize(("output", "shown"), SHOWN.values(), ids=SHOWN)
def test_an_output_reads_like_this(output: Output, shown: JSONObject) -> None:
    created_at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    message = OutgoingMessage(cursor=7, id="m7", contact_id="ana", output=output, created_at=created_at)
    frame: JSONObject = {"cursor": 7, "id": "m7", "contact_id": "ana", "at": "2026-03-02T09:30:00.000+00:00"}
    assert view(message) == {"options": []} | shown | frame
