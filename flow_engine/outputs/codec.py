"""Outputs as JSON and back: ``decode_output(encode_output(x)) == x``.

Keys that are not known are dropped on reading; a kind that is not known is an error, because nothing sensible
could be said instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, assert_never, cast

from flow_engine.errors import CodecError
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
    TemplateButton,
    TemplateForm,
    Text,
)
from flow_engine.vocabulary import JSON, JSONObject, MediaType


def encode_output(output: Output) -> JSONObject:
    """``{"kind": "text", …}`` with every field of the output under its own name; kinds as in ``_DECODERS``."""
    match output:
        case Text():
            return {"kind": "text", "body": output.body}
        case Buttons():
            buttons = _encode_options(output.buttons)
            frame: JSONObject = {"header": output.header, "footer": output.footer}
            return {"kind": "buttons", "body": output.body, "buttons": buttons, **frame}
        case OptionList():
            return _encode_list(output)
        case Media(media_type, url, caption, filename):
            named: JSONObject = {"caption": caption, "filename": filename}
            return {"kind": "media", "media_type": media_type.value, "url": url, **named}
        case Location():
            place: JSONObject = {"latitude": output.latitude, "longitude": output.longitude}
            return {"kind": "location", **place, "name": output.name, "address": output.address}
        case LocationRequest():
            return {"kind": "location_request", "body": output.body}
        case ContactInfoRequest():
            return {"kind": "contact_info_request", "body": output.body}
        case LinkButton(body, title, url):
            return {
                "kind": "link_button",
                "body": body,
                "title": title,
                "url": url,
                "header": output.header,
                "footer": output.footer,
            }
        case Reaction():
            return {"kind": "reaction", "message_id": output.message_id, "emoji": output.emoji}
        case Template():
            return _encode_template(output)
        case _:
            assert_never(output)


def decode_output(value: JSON) -> Output:
    """Reads what ``encode_output`` wrote. Raises ``CodecError`` for anything that is no output."""
    try:
        fields = cast("JSONObject", value)
        kind = fields["kind"]
        decoder = _DECODERS.get(kind) if isinstance(kind, str) else None
        if decoder is None:
            raise CodecError(f"unknown kind of output: {kind!r}")
        return decoder(fields)
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        raise CodecError(f"not an output: {fault!r}") from fault


def _encode_options(options: tuple[Option, ...]) -> list[JSON]:
    return [{"id": id_, "title": title, "description": description} for id_, title, description in options]


def _frame(output: Buttons | OptionList | LinkButton) -> JSONObject:
    return {"header": output.header, "footer": output.footer}


def _encode_list(output: OptionList) -> JSONObject:
    encoded: JSONObject = {
        "kind": "list",
        "body": output.body,
        "button": output.button,
        "sections": [{"title": section.title, "rows": _encode_options(section.rows)} for section in output.sections],
        "header": output.header,
        "footer": output.footer,
    }
    if output.page != 1:
        encoded["page"] = output.page
    return encoded


def _encode_template(output: Template) -> JSONObject:
    filled: list[JSON] = [{"text": parameter.text, "name": parameter.name} for parameter in output.parameters]
    encoded: JSONObject = {"kind": "template", "name": output.name, "language": output.language, "parameters": filled}
    encoded["text"] = output.text
    if output.header is not None:
        encoded["header"] = output.header
    if output.media is not None:
        encoded["media"] = encode_output(output.media)
    if output.location is not None:
        encoded["location"] = encode_output(output.location)
    if output.buttons:
        encoded["buttons"] = [_encode_template_button(button) for button in output.buttons]
    return encoded


def _encode_template_button(button: TemplateButton) -> JSON:
    encoded: JSONObject = {"title": button.title, "id": button.id, "suffix": button.suffix}
    if button.code is not None:
        encoded["code"] = button.code
    if button.form is not None:
        encoded["form"] = {"token": button.form.token, "data": dict(button.form.data)}
    return encoded


def _text(value: JSON) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {value!r}")
    return value


def _optional_text(value: JSON) -> str | None:
    return None if value is None else _text(value)


def _number(value: JSON) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"a number was expected, not {value!r}")
    return float(value)


def _options(values: JSON) -> tuple[Option, ...]:
    return tuple([_option(value) for value in cast("list[JSONObject]", values)])


def _option(value: JSONObject) -> Option:
    option_id, title, description = value["id"], value["title"], value.get("description")
    # One condition for the usual case: a list has ten of these, read for every event.
    if isinstance(option_id, str) and isinstance(title, str) and (description is None or isinstance(description, str)):
        return Option(option_id, title, description)
    raise TypeError(f"an option was expected, not {value!r}")


def _buttons(fields: JSONObject) -> Output:
    return Buttons(
        _text(fields["body"]),
        _options(fields["buttons"]),
        _optional_text(fields.get("header")),
        _optional_text(fields.get("footer")),
    )


def _option_list(fields: JSONObject) -> Output:
    page = fields.get("page")
    sections = cast("list[JSONObject]", fields["sections"])
    return OptionList(
        _text(fields["body"]),
        _text(fields["button"]),
        tuple([Section(_options(section["rows"]), _optional_text(section.get("title"))) for section in sections]),
        _optional_text(fields.get("header")),
        _optional_text(fields.get("footer")),
        page if isinstance(page, int) and page > 0 else 1,
    )


def _media(fields: JSONObject) -> Media:
    return Media(
        MediaType(_text(fields["media_type"])),
        _text(fields["url"]),
        _optional_text(fields.get("caption")),
        _optional_text(fields.get("filename")),
    )


def _location(fields: JSONObject) -> Location:
    return Location(
        _number(fields["latitude"]),
        _number(fields["longitude"]),
        _optional_text(fields.get("name")),
        _optional_text(fields.get("address")),
    )


def _link_button(fields: JSONObject) -> Output:
    return LinkButton(
        _text(fields["body"]),
        _text(fields["title"]),
        _text(fields["url"]),
        _optional_text(fields.get("header")),
        _optional_text(fields.get("footer")),
    )


def _template(fields: JSONObject) -> Template:
    media, place = fields.get("media"), fields.get("location")
    filled = cast("list[JSONObject]", fields["parameters"])
    return Template(
        _text(fields["name"]),
        _text(fields["language"]),
        tuple([Parameter(_text(parameter["text"]), _optional_text(parameter.get("name"))) for parameter in filled]),
        _optional_text(fields.get("text")),
        _optional_text(fields.get("header")),
        None if media is None else _media(cast("JSONObject", media)),
        tuple([_template_button(button) for button in cast("list[JSONObject]", fields.get("buttons", []))]),
        None if place is None else _location(cast("JSONObject", place)),
    )


def _template_button(fields: JSONObject) -> TemplateButton:
    form = fields.get("form")
    return TemplateButton(
        _text(fields["title"]),
        _optional_text(fields.get("id")),
        _optional_text(fields.get("suffix")),
        _optional_text(fields.get("code")),
        None if form is None else _template_form(cast("JSONObject", form)),
    )


def _template_form(fields: JSONObject) -> TemplateForm:
    data = fields["data"]
    if not isinstance(data, dict):
        raise TypeError(f"an object was expected, not {data!r}")
    return TemplateForm(_optional_text(fields.get("token")), data)


_DECODERS: Final[Mapping[str, Callable[[JSONObject], Output]]] = {
    "text": lambda fields: Text(_text(fields["body"])),
    "buttons": _buttons,
    "list": _option_list,
    "media": _media,
    "location": _location,
    "location_request": lambda fields: LocationRequest(_text(fields["body"])),
    "contact_info_request": lambda fields: ContactInfoRequest(_text(fields["body"])),
    "link_button": _link_button,
    "reaction": lambda fields: Reaction(_text(fields["message_id"]), _text(fields["emoji"])),
    "template": _template,
}
