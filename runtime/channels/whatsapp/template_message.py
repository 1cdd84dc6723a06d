"""Files and templates as the Cloud API wants them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from connectors.whatsapp import limits
from flow_engine.outputs.output import Media, Parameter, Template, TemplateButton
from flow_engine.vocabulary import JSON, JSONObject, MediaType

UPLOADED: Final = "whatsapp-media:"
"""Scheme of an address that is no web address but the id of a file that WhatsApp holds already."""


def build_media(media: Media) -> JSONObject:
    """As ``{"type": "image", "image": {"link" | "id": …}}``."""
    kind = media.media_type
    uploaded = media.url.removeprefix(UPLOADED)
    file: JSONObject = {"link": media.url} if uploaded == media.url else {"id": uploaded}
    if kind in limits.CAPTIONED_MEDIA:
        file |= given(caption=media.caption)
    if kind is MediaType.DOCUMENT:
        file |= given(filename=media.filename)
    return {"type": kind.value, kind.value: file}


def build_template(template: Template) -> JSONObject:
    """The components that have something to fill, in the order of Meta's reference."""
    components: list[JSON] = []
    if template.media is not None:
        components.append({"type": "header", "parameters": [build_media(replace(template.media, caption=None))]})
    elif template.header is not None:
        components.append({"type": "header", "parameters": [_parameter(Parameter(template.header))]})
    if template.parameters:
        components.append({"type": "body", "parameters": [_parameter(each) for each in template.parameters]})
    components += [
        _button(button, index) for index, button in enumerate(template.buttons) if button.id or button.suffix
    ]
    message: JSONObject = {"name": template.name, "language": {"code": template.language}}
    return message | {"components": components} if components else message


def _parameter(parameter: Parameter) -> JSONObject:
    return {"type": "text", **given(parameter_name=parameter.name), "text": parameter.text}


def _button(button: TemplateButton, index: int) -> JSONObject:
    """``index`` counts all buttons of the template and travels as text."""
    if button.id:
        kind, filled = "quick_reply", {"type": "payload", "payload": button.id}
    else:
        kind, filled = "url", {"type": "text", "text": button.suffix or ""}
    parameters: list[JSON] = [dict[str, JSON](filled)]
    return {"type": "button", "sub_type": kind, "index": str(index), "parameters": parameters}


def given(**values: str | None) -> JSONObject:
    """What is there: the Graph API refuses a key that is empty."""
    return {key: value for key, value in values.items() if value}
