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
from flow_engine.vocabulary import JSON, JSONObject
from runtime.channels.whatsapp.inbound.identity import is_user_id
from runtime.channels.whatsapp.sendable import problems_of, too_long
from runtime.channels.whatsapp.template_message import build_media, build_template, given
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
            return build_media(output)
        case Location(latitude, longitude, name, address):
            place: JSONObject = {"latitude": latitude, "longitude": longitude}
            return {"type": "location", "location": place | given(name=name, address=address)}
        case Reaction(message_id, emoji):
            return {"type": "reaction", "reaction": {"message_id": message_id, "emoji": emoji}}
        case Template():
            return {"type": "template", "template": build_template(output)}
        case Buttons() | OptionList() | LocationRequest() | ContactInfoRequest() | LinkButton():
            return {"type": "interactive", "interactive": _interactive(output)}
        case _:
            assert_never(output)


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


def _section(section: Section) -> JSONObject:
    rows: list[JSON] = [_row(row) for row in section.rows]
    return {"title": section.title, "rows": rows} if section.title else {"rows": rows}


def _row(row: Option) -> JSONObject:
    if row.description:
        return {"id": row.id, "title": row.title, "description": row.description}
    return {"id": row.id, "title": row.title}
