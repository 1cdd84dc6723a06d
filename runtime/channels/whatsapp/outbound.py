"""Our outputs as the Cloud API wants them.

Outputs arrive fitted to the channel (``flow_engine.outputs.degradation``). The limits are checked once
more, because WhatsApp refuses a message as a whole and the customer would meet silence without a trace.
"""

from __future__ import annotations

from typing import assert_never

from connectors.whatsapp import limits
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
from flow_engine.vocabulary import JSON, JSONObject, MediaType
from runtime.channels.whatsapp.inbound.identity import is_user_id
from runtime.channels.whatsapp.sendable import problems_of, too_long
from runtime.errors import SendAction, SendError


def build_message(output: Output, *, contact_id: str, our_id: str) -> JSONObject:
    """The body of a send call.

    ``our_id`` travels as ``biz_opaque_callback_data``: statuses echo it, which proves a send whose answer
    was lost. Raises ``SendError(PARK)`` where the output does not fit into one WhatsApp message.
    """
    problems = [*too_long("our id", our_id, limits.OPAQUE_DATA_CHARS), *problems_of(output)]
    if problems:
        raise SendError(SendAction.PARK, "the message does not fit WhatsApp: " + "; ".join(problems))
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_address(contact_id),
        "biz_opaque_callback_data": our_id,
        **_body(output),
    }


def _address(contact_id: str) -> JSONObject:
    """A user id goes into ``recipient``, a number into ``to``.

    The number needs its ``+``, or Meta may put the business's own country code before it.
    """
    if is_user_id(contact_id):
        return {"recipient": contact_id}
    return {"to": f"+{contact_id}" if contact_id.isdecimal() else contact_id}


def _body(output: Output) -> JSONObject:
    match output:
        case Text(body):
            return {"type": "text", "text": {"body": body}}
        case Media():
            return {"type": output.media_type.value, output.media_type.value: _media(output)}
        case Location(latitude, longitude, name, address):
            place: JSONObject = {"latitude": latitude, "longitude": longitude}
            return {"type": "location", "location": place | _given(name=name, address=address)}
        case Reaction(message_id, emoji):
            return {"type": "reaction", "reaction": {"message_id": message_id, "emoji": emoji}}
        case Template():
            return {"type": "template", "template": _template(output)}
        case Buttons() | OptionList() | LocationRequest() | ContactInfoRequest() | LinkButton():
            return {"type": "interactive", "interactive": _interactive(output)}
        case _:
            assert_never(output)


def _media(media: Media) -> JSONObject:
    link: JSONObject = {"link": media.url}
    if media.media_type in limits.CAPTIONED_MEDIA:
        link |= _given(caption=media.caption)
    if media.media_type is MediaType.DOCUMENT:
        link |= _given(filename=media.filename)
    return link


def _template(template: Template) -> JSONObject:
    filled: list[JSON] = [
        {"type": "text", **_given(parameter_name=parameter.name), "text": parameter.text}
        for parameter in template.parameters
    ]
    message: JSONObject = {"name": template.name, "language": {"code": template.language}}
    return message | {"components": [{"type": "body", "parameters": filled}]} if filled else message


def _interactive(output: Buttons | OptionList | LocationRequest | ContactInfoRequest | LinkButton) -> JSONObject:
    match output:
        case Buttons(body, buttons, header, footer):
            replies: list[JSON] = [{"type": "reply", "reply": {"id": item.id, "title": item.title}} for item in buttons]
            return {"type": "button", **_frame_of(body, header, footer), "action": {"buttons": replies}}
        case OptionList(body, button, sections, header, footer):
            opened: JSONObject = {"button": button, "sections": [_section(section) for section in sections]}
            return {"type": "list", **_frame_of(body, header, footer), "action": opened}
        case LinkButton(body, title, url, header, footer):
            parameters: JSONObject = {"display_text": title, "url": url}
            action: JSONObject = {"name": "cta_url", "parameters": parameters}
            return {"type": "cta_url", **_frame_of(body, header, footer), "action": action}
        case LocationRequest(body):
            return {"type": "location_request_message", "body": {"text": body}, "action": {"name": "send_location"}}
        case ContactInfoRequest(body):
            return {"type": "request_contact_info", "body": {"text": body}, "action": {"name": "request_contact_info"}}
        case _:
            assert_never(output)


def _frame_of(body: str, header: str | None, footer: str | None) -> JSONObject:
    frame: JSONObject = {"body": {"text": body}}
    if header:
        frame["header"] = {"type": "text", "text": header}
    if footer:
        frame["footer"] = {"text": footer}
    return frame


def _given(**values: str | None) -> JSONObject:
    """What is there: the Graph API refuses a key that is empty."""
    return {key: value for key, value in values.items() if value}


def _section(section: Section) -> JSONObject:
    rows: list[JSON] = [_row(row) for row in section.rows]
    return {"title": section.title, "rows": rows} if section.title else {"rows": rows}


def _row(row: Option) -> JSONObject:
    if row.description:
        return {"id": row.id, "title": row.title, "description": row.description}
    return {"id": row.id, "title": row.title}
