"""An outgoing message as plain JSON, for channels whose other end reads it: the chat page and the web widget."""

from __future__ import annotations

from typing import assert_never

from flow_engine.outputs.degradation import options_of
from flow_engine.outputs.free_form import in_free_form
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
    Template,
    Text,
)
from flow_engine.vocabulary import JSON, JSONObject
from runtime.ports.outgoing_messages import OutgoingMessage


def view(message: OutgoingMessage) -> JSONObject:
    """``{cursor, id, contact_id, type, text, options, …, at}``; ``cursor`` is what ``after`` takes.

    ``type`` is ``text``, ``buttons``, ``list``, ``link_button``, ``location_request``, ``contact_info_request``,
    ``media``, ``location``, ``reaction`` or ``template``, each with the fields of the output of that name. ``text`` is
    always there, and so is ``options``, flat for both kinds of choice; a list also tells its ``button`` (the caption
    that opens it) and its ``sections``. ``at`` is ISO 8601 in UTC.
    """
    return {
        "cursor": message.cursor,
        "id": message.id,
        "contact_id": message.contact_id,
        **content_view(message.output),
        "at": message.created_at.isoformat(timespec="milliseconds"),
    }


def content_view(output: Output) -> JSONObject:
    """What one output says, as ``view`` shows it: ``type``, ``text``, ``options`` and the fields of its kind."""
    match output:
        case Text():
            return {"type": "text", "text": output.body, "options": []}
        case Buttons():
            options: list[JSON] = [_option(button) for button in output.buttons]
            return {"type": "buttons", **_frame(output), "options": options}
        case OptionList():
            return _option_list(output)
        case LinkButton():
            return {"type": "link_button", **_frame(output), "title": output.title, "url": output.url, "options": []}
        case LocationRequest():
            return {"type": "location_request", "text": output.body, "options": []}
        case ContactInfoRequest():
            return {"type": "contact_info_request", "text": output.body, "options": []}
        case Media() | Location() | Reaction() | Template():
            return _card(output)
        case _:
            assert_never(output)


def _card(output: Media | Location | Reaction | Template) -> JSONObject:
    match output:
        case Media(media_type, url, caption, filename):
            file: JSONObject = {"media_type": media_type.value, "url": url, "filename": filename}
            return {"type": "media", "text": caption or "", **file, "options": []}
        case Location(latitude, longitude, name, address):
            place: JSONObject = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
            return {"type": "location", "text": "", **place, "options": []}
        case Reaction(message_id, emoji):
            return {"type": "reaction", "text": emoji, "message_id": message_id, "options": []}
        case Template(name, language, parameters, text):
            filled: list[JSON] = [{"name": parameter.name, "text": parameter.text} for parameter in parameters]
            named: JSONObject = {"name": name, "language": language, "parameters": filled}
            replies: list[JSON] = [_option(option) for option in options_of(in_free_form(output))]
            return {"type": "template", "text": text or "", **named, "options": replies}
        case _:
            assert_never(output)


def _option_list(output: OptionList) -> JSONObject:
    return {
        "type": "list",
        **_frame(output),
        "button": output.button,
        "options": [_option(row) for section in output.sections for row in section.rows],
        "sections": [
            {"title": section.title, "rows": [_option(row) for row in section.rows]} for section in output.sections
        ],
    }


def _frame(output: Buttons | OptionList | LinkButton) -> JSONObject:
    return {"text": output.body, "header": output.header, "footer": output.footer}


def _option(option: Option) -> JSON:
    return {"id": option.id, "title": option.title, "description": option.description}
