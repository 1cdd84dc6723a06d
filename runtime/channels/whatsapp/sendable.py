"""What keeps an output from being one WhatsApp message: Meta's limits, checked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, assert_never

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
    TemplateButton,
    Text,
)
from runtime.channels.whatsapp.template_message import UPLOADED

_TEMPLATE_NAME: Final = re.compile(r"[a-z0-9_]{1,512}", re.ASCII)
_TEMPLATE_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(_[A-Za-z0-9]{2,4})?", re.ASCII)
_BROKEN_LINE: Final = re.compile(r"[\r\n\t]| {5}")  # Meta: no line ends, tabs or more than four blanks in a row


def problems_of(output: Output) -> Iterator[str]:
    """Everything that WhatsApp would refuse; nothing for an output that can be sent. No text is quoted."""
    match output:
        case Text(body):
            yield from _text("text", body, limits.TEXT_BODY_CHARS)
        case Buttons(body, buttons, header, footer):
            yield from _frame(body, header, footer)
            yield from _buttons(buttons)
        case OptionList(body, button, sections, header, footer):
            yield from _frame(body, header, footer)
            yield from _text("list caption", button, limits.LIST_CAPTION_CHARS)
            yield from _sections(sections)
        case LinkButton(body, title, url, header, footer):
            yield from _frame(body, header, footer)
            yield from _text("link title", title, limits.LINK_TITLE_CHARS)
            yield from _link(url)
        case LocationRequest(body) | ContactInfoRequest(body):
            yield from _text("body", body, limits.INTERACTIVE_BODY_CHARS)
        case Media(media_type, url, caption):
            yield from _link(url)
            yield from too_long("caption", caption or "", limits.CAPTION_CHARS)
            if caption and media_type not in limits.CAPTIONED_MEDIA:
                yield f"a caption under {media_type.value}"
        case Location(latitude, longitude):
            if not (abs(latitude) <= limits.LATITUDE_DEGREES and abs(longitude) <= limits.LONGITUDE_DEGREES):
                yield "the location is no point on earth"
        case Reaction(message_id, _):
            yield from _text("message of the reaction", message_id, limits.MESSAGE_ID_CHARS)
        case Template():
            yield from _template(output)
        case _:
            assert_never(output)


def _template(template: Template) -> Iterator[str]:
    if not _TEMPLATE_NAME.fullmatch(template.name):
        yield "the name of the template is none"
    if not _TEMPLATE_LANGUAGE.fullmatch(template.language):
        yield "the language of the template is none"
    named = [parameter.name for parameter in template.parameters if parameter.name]
    if named and len(named) < len(template.parameters):
        yield "some parameters have names and some have not"
    yield from _unique("parameter", named)
    filled = [parameter.text for parameter in template.parameters]
    for text in filled if template.header is None else (template.header, *filled):
        yield from _text("parameter", text, limits.PARAMETER_CHARS)
        if _BROKEN_LINE.search(text):
            yield "a parameter is not one line"
    if [template.header, template.media, template.location].count(None) < 2:  # noqa: PLR2004  # of three, one at most
        yield "the template has two things in its head"
    if template.location is not None:
        yield from problems_of(template.location)
    if template.media is not None:
        if template.media.media_type not in limits.TEMPLATE_HEADER_MEDIA:
            yield f"a file of type {template.media.media_type.value} in the head of a template"
        yield from problems_of(template.media)
    yield from _template_buttons(template.buttons)


def _template_buttons(buttons: Sequence[TemplateButton]) -> Iterator[str]:
    if len(buttons) > limits.TEMPLATE_BUTTONS:
        yield f"{len(buttons)} template buttons, at most {limits.TEMPLATE_BUTTONS} are allowed"
    if sum(button.code is not None for button in buttons) > 1:
        yield "two buttons of the template copy a code"
    for button in buttons:
        if [button.id, button.suffix, button.code, button.form].count(None) < 3:  # noqa: PLR2004  # of four, one at most
            yield "a template button is two things at once"
        yield from too_long("template button id", button.id or "", limits.BUTTON_ID_CHARS)
        yield from too_long("end of a link", button.suffix or "", limits.URL_CHARS)
        yield from too_long("code", button.code or "", limits.TEMPLATE_CODE_CHARS)
        if button.form is not None:
            yield from too_long("token of the form", button.form.token or "", limits.FORM_TOKEN_CHARS)


def _link(url: str) -> Iterator[str]:
    if url.startswith(UPLOADED):
        return
    if not url.startswith(("https://", "http://")) or " " in url or not url.isprintable():
        yield "the link is no web address"
    yield from too_long("link", url, limits.URL_CHARS)


def _buttons(buttons: Sequence[Option]) -> Iterator[str]:
    yield from _count("buttons", len(buttons), limits.BUTTONS)
    yield from _unique("button id", [button.id for button in buttons])
    yield from _unique("button title", [button.title for button in buttons])
    for button in buttons:
        yield from _option("button", button, limits.BUTTON_ID_CHARS, limits.BUTTON_TITLE_CHARS)


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
        yield from too_long("row description", row.description or "", limits.ROW_DESCRIPTION_CHARS)


def _frame(body: str, header: str | None, footer: str | None) -> Iterator[str]:
    yield from _text("body", body, limits.INTERACTIVE_BODY_CHARS)
    yield from too_long("header", header or "", limits.HEADER_CHARS)
    yield from too_long("footer", footer or "", limits.FOOTER_CHARS)


def _option(what: str, option: Option, id_chars: int, title_chars: int) -> Iterator[str]:
    yield from _text(f"{what} id", option.id, id_chars)
    yield from _text(f"{what} title", option.title, title_chars)
    if option.id != option.id.strip():
        yield f"{what} id with blanks around it"


def _text(what: str, text: str, most: int) -> Iterator[str]:
    if not text.strip():
        yield f"{what} is empty"
    yield from too_long(what, text, most)


def too_long(what: str, text: str, most: int) -> Iterator[str]:
    if len(text) > most:
        yield f"{what} has {len(text)} characters, at most {most} are allowed"


def _count(what: str, found: int, most: int) -> Iterator[str]:
    if not 1 <= found <= most:
        yield f"{found} {what}, 1 to {most} are allowed"


def _unique(what: str, values: Sequence[str]) -> Iterator[str]:
    if len(set(values)) < len(values):
        yield f"the same {what} twice"
