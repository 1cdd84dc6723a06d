"""Meta's own description of a send (OpenAPI), mended where it contradicts its own examples: a second opinion.

It is laxer than ``validation`` nearly everywhere, so it only speaks up where we misread the reference. What is mended:
it forbids the keys that its own base allows, wants fields that are optional, gives degrees as texts, knows no button
index below 2 and not every kind of interactive message, template button and template head.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema  # type: ignore[import-untyped]  # its types are a package of their own
import yaml

FILE: Final = "whatsapp/business-messaging-api_v23.0.yaml"
KINDS_IT_LACKS: Final = ("cta_url", "location_request_message", "request_contact_info")
BUTTONS_IT_LACKS: Final = ("copy_code", "flow")

type Object = dict[str, Any]


def problems_of(message: Object, shared_data: Path) -> list[str]:
    """What Meta's description does not allow; only for a message to a phone number, the one address that it knows."""
    return [error.message for error in _validator(shared_data / FILE).iter_errors(message)]


@cache
def _validator(file: Path) -> jsonschema.Draft202012Validator:
    described = yaml.safe_load(file.read_text("utf-8"))
    schemas = copy.deepcopy(described["components"]["schemas"])
    _allow_further_keys(schemas)
    schemas["BaseMessageProperties"]["required"] = ["messaging_product", "to", "type"]
    schemas["LanguageObject"]["required"] = ["code"]
    location = schemas["LocationMessage"]["allOf"][1]["properties"]["location"]["properties"]
    location["latitude"]["type"] = location["longitude"]["type"] = "number"
    del schemas["TemplateComponent"]["properties"]["index"]["pattern"]
    for name in ("TemplateComponent", "ButtonComponent"):
        properties = schemas[name].get("properties") or schemas[name]["allOf"][1]["properties"]
        properties["sub_type"]["enum"] += BUTTONS_IT_LACKS
    schemas["ParameterObject"]["properties"]["type"]["enum"] += ["location"]
    schemas["ButtonParameterObject"]["properties"]["type"]["enum"] += ["coupon_code", "action"]
    schemas["InteractiveObject"]["properties"]["type"]["enum"] += KINDS_IT_LACKS
    schemas["ActionObject"] = {"type": "object", "anyOf": schemas["ActionObject"]["oneOf"] + [{"required": ["name"]}]}
    kinds = schemas["Message"]["discriminator"]["mapping"]
    # Its oneOf asks every kind; naming the one that is meant gives a fault that can be read.
    chosen = [
        {"if": {"properties": {"type": {"const": kind}}}, "then": {"$ref": reference}}
        for kind, reference in kinds.items()
    ]
    root = {"components": {"schemas": schemas}, "properties": {"type": {"enum": list(kinds)}}, "allOf": chosen}
    return jsonschema.Draft202012Validator(root)


def _allow_further_keys(node: Any) -> None:
    match node:
        case dict():
            if node.get("additionalProperties") is False:
                del node["additionalProperties"]
            for value in node.values():
                _allow_further_keys(value)
        case list():
            for value in node:
                _allow_further_keys(value)
        case _:
            pass
