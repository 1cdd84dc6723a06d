"""Our outputs as the Cloud API wants them.

Outputs arrive fitted to the channel (``flow_engine.outputs.degradation``). The limits are checked once
more, because WhatsApp refuses a message as a whole and the customer would meet silence without a trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from connectors.whatsapp import limits
from flow_engine.outputs.output import Buttons, Option, OptionList, Output, Section, Text
from flow_engine.vocabulary import JSON, JSONObject
from runtime.channels.whatsapp.inbound.identity import is_user_id
from runtime.errors import SendAction, SendError


def build_message(output: Output, *, contact_id: str, our_id: str) -> JSONObject:
    """The body of a send call.

    ``our_id`` travels as ``biz_opaque_callback_data``: statuses echo it, which proves a send whose answer
    was lost. Raises ``SendError(PARK)`` where the output does not fit into one WhatsApp message.
    """
    problems = [*_too_long("our id", our_id, limits.OPAQUE_DATA_CHARS), *_problems(output)]
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
        case Buttons(body, buttons, header, footer):
            replies: list[JSON] = [{"type": "reply", "reply": {"id": item.id, "title": item.title}} for item in buttons]
            return _interactive("button", body, header, footer, {"buttons": replies})
        case OptionList(body, button, sections, header, footer):
            action: JSONObject = {"button": button, "sections": [_section(section) for section in sections]}
            return _interactive("list", body, header, footer, action)
        case _:
            assert_never(output)


def _interactive(kind: str, body: str, header: str | None, footer: str | None, action: JSONObject) -> JSONObject:
    interactive: JSONObject = {"type": kind, "body": {"text": body}, "action": action}
    if header:
        interactive["header"] = {"type": "text", "text": header}
    if footer:
        interactive["footer"] = {"text": footer}
    return {"type": "interactive", "interactive": interactive}


def _section(section: Section) -> JSONObject:
    rows: list[JSON] = [_row(row) for row in section.rows]
    return {"title": section.title, "rows": rows} if section.title else {"rows": rows}


def _row(row: Option) -> JSONObject:
    if row.description:
        return {"id": row.id, "title": row.title, "description": row.description}
    return {"id": row.id, "title": row.title}


def _problems(output: Output) -> Iterator[str]:
    match output:
        case Text(body):
            yield from _text("text", body, limits.TEXT_BODY_CHARS)
        case Buttons(body, buttons, header, footer):
            yield from _frame(body, header, footer)
            yield from _count("buttons", len(buttons), limits.BUTTONS)
            yield from _unique("button id", [button.id for button in buttons])
            yield from _unique("button title", [button.title for button in buttons])
            for button in buttons:
                yield from _option("button", button, limits.BUTTON_ID_CHARS, limits.BUTTON_TITLE_CHARS)
        case OptionList(body, button, sections, header, footer):
            yield from _frame(body, header, footer)
            yield from _text("list caption", button, limits.LIST_CAPTION_CHARS)
            yield from _sections(sections)
        case _:
            assert_never(output)


def _sections(sections: Sequence[Section]) -> Iterator[str]:
    rows = [row for section in sections for row in section.rows]
    yield from _count("list sections", len(sections), limits.LIST_SECTIONS)
    yield from _count("list rows", len(rows), limits.LIST_ROWS)
    yield from _unique("row id", [row.id for row in rows])
    for section in sections:
        if not section.rows:
            yield "a list section without rows"
        if len(sections) > 1 or section.title:
            yield from _text("section title", section.title or "", limits.SECTION_TITLE_CHARS)
    for row in rows:
        yield from _option("row", row, limits.ROW_ID_CHARS, limits.ROW_TITLE_CHARS)
        yield from _too_long("row description", row.description or "", limits.ROW_DESCRIPTION_CHARS)


def _frame(body: str, header: str | None, footer: str | None) -> Iterator[str]:
    yield from _text("body", body, limits.INTERACTIVE_BODY_CHARS)
    yield from _too_long("header", header or "", limits.HEADER_CHARS)
    yield from _too_long("footer", footer or "", limits.FOOTER_CHARS)


def _option(what: str, option: Option, id_chars: int, title_chars: int) -> Iterator[str]:
    yield from _text(f"{what} id", option.id, id_chars)
    yield from _text(f"{what} title", option.title, title_chars)
    if option.id != option.id.strip():
        yield f"{what} id with blanks around it"


def _text(what: str, text: str, most: int) -> Iterator[str]:
    if not text.strip():
        yield f"{what} is empty"
    yield from _too_long(what, text, most)


def _too_long(what: str, text: str, most: int) -> Iterator[str]:
    if len(text) > most:
        yield f"{what} has {len(text)} characters, at most {most} are allowed"


def _count(what: str, found: int, most: int) -> Iterator[str]:
    if not 1 <= found <= most:
        yield f"{found} {what}, 1 to {most} are allowed"


def _unique(what: str, values: Sequence[str]) -> Iterator[str]:
    if len(set(values)) < len(values):
        yield f"the same {what} twice"
