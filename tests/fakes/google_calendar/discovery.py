"""The discovery document of the API, as google-api-python-client ships it: what a request and an answer may hold.

The fake checks everything that passes through it against this, so that neither it nor we can invent a field.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
from pathlib import Path
from typing import Any


class DiscoveryError(AssertionError):
    """A request or an answer that the API knows nothing of."""


@functools.cache
def document() -> dict[str, Any]:
    """``calendar`` v3. The package is only located, never imported."""
    spec = importlib.util.find_spec("googleapiclient")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "discovery_cache" / "documents" / "calendar.v3.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def method(name: str) -> dict[str, Any]:
    """The description of ``events.insert`` and the like."""
    resource, verb = name.split(".")
    found: dict[str, Any] = document()["resources"][resource]["methods"][verb]
    return found


def check_request(name: str, http_method: str, query: dict[str, str], body: Any) -> None:
    """Raises ``DiscoveryError`` for a parameter or a field there is not, or one of the wrong kind."""
    described = method(name)
    if described["httpMethod"] != http_method:
        raise DiscoveryError(f"{name} is a {described['httpMethod']}, not a {http_method}")
    known = described.get("parameters", {}) | document()["parameters"]
    for key, value in query.items():
        if key not in known or known[key].get("location") == "path":
            raise DiscoveryError(f"{name} has no parameter {key}")
        _check_parameter(f"{name}?{key}", known[key], value)
    if "fields" in query:
        _check_fields(name, described["response"]["$ref"], query["fields"])
    if body is not None:
        check_schema(name, described["request"]["$ref"], body)


def check_answer(name: str, body: Any) -> None:
    """Raises ``DiscoveryError`` for what the answer of this method cannot hold."""
    response = method(name).get("response")
    if response is not None:
        check_schema(f"answer of {name}", response["$ref"], body)


def check_schema(place: str, name: str, value: Any) -> None:
    _check(place, document()["schemas"][name], value)


def _check(place: str, schema: dict[str, Any], value: Any) -> None:
    if "$ref" in schema:
        check_schema(place, schema["$ref"], value)
        return
    kinds: dict[str, Any] = {
        "string": str,
        "boolean": bool,
        "integer": int,
        "array": list,
        "object": dict,
        "number": (int, float),
    }
    kind = schema.get("type", "any")
    if kind != "any" and (not isinstance(value, kinds[kind]) or (kind == "integer" and isinstance(value, bool))):
        raise DiscoveryError(f"{place} must be of type {kind}, not {value!r}")
    if kind == "array":
        for item in value:
            _check(f"{place}[]", schema["items"], item)
    if kind == "object":
        for key, item in value.items():
            inner = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if inner is None:
                raise DiscoveryError(f"{place} has no field {key}")
            _check(f"{place}.{key}", inner, item)


def _check_parameter(place: str, described: dict[str, Any], value: str) -> None:
    match described["type"]:
        case "integer":
            number = int(value)
            low, high = int(described.get("minimum", 0)), int(described.get("maximum", 2**31))
            if not low <= number <= high:
                raise DiscoveryError(f"{place} must be from {low} to {high}")
        case "boolean" if value not in ("true", "false"):
            raise DiscoveryError(f"{place} must be true or false")
        case _ if "enum" in described and value not in described["enum"]:
            raise DiscoveryError(f"{place} must be one of {described['enum']}")


def _check_fields(name: str, schema: str, fields: str) -> None:
    """Every word of a field mask is a field of what it stands in (one level of parentheses, and paths)."""
    properties = document()["schemas"][schema]["properties"]
    for word, inner in re.findall(r"([\w/]+)(?:\(([^()]*)\))?", fields):
        head, _, path = word.partition("/")
        if head not in properties:
            raise DiscoveryError(f"{name}?fields: {schema} has no field {head}")
        within = properties[head].get("items", properties[head])
        if inner and "$ref" in within:
            _check_fields(name, within["$ref"], inner)
        elif path and path not in within.get("properties", {}):
            raise DiscoveryError(f"{name}?fields: {head} has no field {path}")
