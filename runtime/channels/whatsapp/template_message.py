"""Files and templates as the Cloud API wants them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from connectors.whatsapp import limits
from flow_engine.outputs.output import Location, Media, Parameter, Template, TemplateButton
from flow_engine.vocabulary import JSON, JSONObject, MediaType

UPLOADED: Final = "whatsapp-media:"
"""Scheme of an address that is no web address but the id of a file that WhatsApp holds already."""

UNNAMED_FORM: Final = "unused"
"""What Meta takes for a form that nobody needs to tell from others."""


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
    elif template.location is not None:
        components.append(
            {"type": "header", "parameters": [{"type": "location", "location": _place(template.location)}]}
        )
    elif template.header is not None:
        components.append({"type": "header", "parameters": [_parameter(Parameter(template.header))]})
    if template.parameters:
        components.append({"type": "body", "parameters": [_parameter(each) for each in template.parameters]})
    for index, button in enumerate(template.buttons):
        filled = _filled(button)
        if filled is not None:
            kind, parameter = filled
            components.append({"type": "button", "sub_type": kind, "index": str(index), "parameters": [parameter]})
    message: JSONObject = {"name": template.name, "language": {"code": template.language}}
    return message | {"components": components} if components else message


def _parameter(parameter: Parameter) -> JSONObject:
    return {"type": "text", **given(parameter_name=parameter.name), "text": parameter.text}


def _place(place: Location) -> JSONObject:
    """Degrees travel as text here, as Meta's reference shows them; six decimals are a hand's breadth on the ground."""
    degrees: JSONObject = {"latitude": f"{place.latitude:.6f}", "longitude": f"{place.longitude:.6f}"}
    return degrees | given(name=place.name, address=place.address)


def _filled(button: TemplateButton) -> tuple[str, JSONObject] | None:
    """What kind of button it is, by what fills it; ``None`` for one that is only shown."""
    if button.id:
        return "quick_reply", {"type": "payload", "payload": button.id}
    if button.suffix:
        return "url", {"type": "text", "text": button.suffix}
    if button.code:
        return "copy_code", {"type": "coupon_code", "coupon_code": button.code}
    if button.form is not None:
        action: JSONObject = {"flow_token": button.form.token or UNNAMED_FORM}
        if button.form.data:
            action["flow_action_data"] = dict(button.form.data)
        return "flow", {"type": "action", "action": action}
    return None


def given(**values: str | None) -> JSONObject:
    """What is there: the Graph API refuses a key that is empty."""
    return {key: value for key, value in values.items() if value}
