"""What ``GET /messages`` shows of an outgoing message."""

from __future__ import annotations

from typing import assert_never

from flow_engine.outputs.output import Buttons, Option, OptionList, Output, Text
from flow_engine.vocabulary import JSON, JSONObject
from runtime.ports.outgoing_messages import OutgoingMessage


def view(message: OutgoingMessage) -> JSONObject:
    """``{cursor, id, contact_id, type, text, options, …, at}``; ``cursor`` is what ``after`` takes.

    ``type`` is ``text``, ``buttons`` or ``list``. ``options`` is flat for both kinds of choice; a list also tells
    its ``button`` (the caption that opens it) and its ``sections``. ``at`` is ISO 8601 in UTC.
    """
    return {
        "cursor": message.cursor,
        "id": message.id,
        "contact_id": message.contact_id,
        **_content(message.output),
        "at": message.created_at.isoformat(timespec="milliseconds"),
    }


def _content(output: Output) -> JSONObject:
    match output:
        case Text():
            return {"type": "text", "text": output.body, "options": []}
        case Buttons():
            return {
                "type": "buttons",
                "text": output.body,
                "header": output.header,
                "footer": output.footer,
                "options": [_option(button) for button in output.buttons],
            }
        case OptionList():
            return {
                "type": "list",
                "text": output.body,
                "header": output.header,
                "footer": output.footer,
                "button": output.button,
                "options": [_option(row) for section in output.sections for row in section.rows],
                "sections": [
                    {"title": section.title, "rows": [_option(row) for row in section.rows]}
                    for section in output.sections
                ],
            }
        case _:
            assert_never(output)


def _option(option: Option) -> JSON:
    return {"id": option.id, "title": option.title, "description": option.description}
