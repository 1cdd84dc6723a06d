"""What each template becomes on the wire."""

from __future__ import annotations

from flow_engine.outputs.output import (
    Location,
    Media,
    Output,
    Parameter,
    Template,
    TemplateButton,
    TemplateForm,
)
from flow_engine.vocabulary import JSONObject, MediaType

LINK = "https://example.com/prices.png"

TEMPLATE_FORMS: dict[str, tuple[Output, JSONObject]] = {
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
