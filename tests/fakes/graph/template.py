"""What the Graph API would refuse of a template message, whatever the template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from tests.fakes.graph.checks import Object, identifier, keys, media, text, unique

HEADER_FILES: Final = ("image", "video", "document")
BUTTON_PARAMETERS: Final = {"quick_reply": "payload", "url": "text", "copy_code": "coupon_code", "flow": "action"}
"""The type of the one parameter of each kind of button."""


def check(content: Object) -> Iterator[str]:
    yield from keys("template", content, {"name", "language", "components"})
    name, language = content.get("name"), content.get("language")
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9_]{1,512}", name, re.ASCII):
        yield "template.name is no name"
    code = language.get("code") if isinstance(language, dict) else None
    if not isinstance(code, str) or not re.fullmatch(r"[a-z]{2,3}(_[A-Za-z]{2,4})?", code):
        yield "template.language.code is no language"
    components = content.get("components", [])
    if not isinstance(components, list) or not all(isinstance(component, dict) for component in components):
        yield "template.components is no list of objects"
        return
    yield from unique("a component", [(item.get("type"), item.get("index")) for item in components])
    yield from unique("copy_code", [kind for item in components if (kind := item.get("sub_type")) == "copy_code"])
    for component in components:
        yield from _component(component)


def _component(component: Object) -> Iterator[str]:
    parameters = component.get("parameters")
    if not isinstance(parameters, list) or not all(isinstance(item, dict) for item in parameters) or not parameters:
        yield "component.parameters is no list of objects"
        return
    match component.get("type"):
        case "body":
            yield from keys("component", component, {"type", "parameters"})
            yield from _texts(parameters)
        case "header":
            yield from keys("component", component, {"type", "parameters"})
            yield from _header(parameters)
        case "button":
            yield from keys("component", component, {"type", "sub_type", "index", "parameters"})
            yield from _button(component, parameters)
        case kind:
            yield f"a component of type {kind!r} is not known"


def _header(parameters: list[Any]) -> Iterator[str]:
    kind = parameters[0].get("type")
    if len(parameters) > 1:
        yield "(132000) the header has one parameter"
    elif kind in HEADER_FILES:
        yield from keys("parameter", parameters[0], {"type", kind})
        file = parameters[0].get(kind)
        named = {"filename"} if kind == "document" else set()
        yield from media(kind, file if isinstance(file, dict) else {}, named)
    elif kind == "location":
        yield from keys("parameter", parameters[0], {"type", "location"})
        place = parameters[0].get("location")
        yield from _location(place if isinstance(place, dict) else {})
    else:
        yield from _texts(parameters)


def _button(component: Object, parameters: list[Any]) -> Iterator[str]:
    index = component.get("index")
    if not isinstance(index, str) or not re.fullmatch(r"\d", index):
        yield "button.index is no position from 0 to 9, written as text"
    wanted = BUTTON_PARAMETERS.get(str(component.get("sub_type")))
    if wanted is None or len(parameters) != 1 or parameters[0].get("type") != wanted:
        yield "a button needs a sub_type and one parameter that belongs to it"
        return
    yield from keys("parameter", parameters[0], {"type", wanted})
    if wanted == "action":
        action = parameters[0].get("action")
        yield from _form(action if isinstance(action, dict) else {})
    else:
        most = {"payload": 256, "text": 2000, "coupon_code": 15}[wanted]
        yield from identifier("button parameter", parameters[0].get(wanted), most)


def _form(action: Object) -> Iterator[str]:
    """The token may be left out, and so may the data of the first page, but data that is there is not empty."""
    yield from keys("action", action, {"flow_token", "flow_action_data"})
    if "flow_token" in action:
        yield from identifier("action.flow_token", action["flow_token"], 512)
    data = action.get("flow_action_data", {"": ""})
    if not isinstance(data, dict) or not data:
        yield "action.flow_action_data is no object, or an empty one"


def _location(place: Object) -> Iterator[str]:
    """Degrees are written as text here."""
    yield from keys("location", place, {"latitude", "longitude", "name", "address"})
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = place.get(name)
        degrees = value if isinstance(value, str) else ""
        if not re.fullmatch(r"-?\d{1,3}(\.\d+)?", degrees) or abs(float(degrees)) > most:
            yield f"location.{name} is no number from -{most} to {most}, written as text"
    for name in ("name", "address"):
        if name in place:
            yield from text(f"location.{name}", place[name], 1000)


def _texts(parameters: list[Any]) -> Iterator[str]:
    names = [item["parameter_name"] for item in parameters if "parameter_name" in item]
    if names and len(names) < len(parameters):
        yield "(132000) positional and named parameters are mixed"
    yield from unique("parameter_name", names)
    for item in parameters:
        yield from keys("parameter", item, {"type", "text", "parameter_name"})
        if item.get("type") != "text":
            yield "a parameter is not of type text"
        yield from text("parameter.text", item.get("text"), 1024)
        if re.search(r"[\r\n\t]| {5}", str(item.get("text"))):
            yield "(132018) parameter.text has a line end, a tab or more than four blanks in a row"
