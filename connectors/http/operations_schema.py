"""The JSON Schema of ``operations`` and of other mappings of an ``http`` block."""

from __future__ import annotations

from connectors.errors import FailureKind
from connectors.http.declaration import Method
from connectors.operation import Access, ParameterKind
from connectors.plain_json import JSONObject

TEXTS_SCHEMA: JSONObject = {"type": "object", "additionalProperties": {"type": "string"}}

_STATUS: JSONObject = {"type": "integer", "minimum": 200, "maximum": 599}
_STATUSES: JSONObject = {"oneOf": [_STATUS, {"type": "array", "items": _STATUS}]}
_KIND: JSONObject = {"enum": [kind.value for kind in FailureKind]}

_PARAMETER: JSONObject = {
    "oneOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {
                "summary": {"type": "string"},
                "kind": {"enum": [kind.value for kind in ParameterKind]},
                "required": {"type": "boolean"},
            },
            "additionalProperties": False,
        },
    ]
}

_OPERATION: JSONObject = {
    "type": "object",
    "properties": {
        "method": {"enum": [method.value for method in Method]},
        "path": {"type": "string", "pattern": "^/"},
        "summary": {"type": "string"},
        "access": {"enum": [access.value for access in Access]},
        "idempotent": {"type": "boolean"},
        "parameters": {"type": "object", "additionalProperties": _PARAMETER},
        "query": TEXTS_SCHEMA,
        "headers": TEXTS_SCHEMA,
        "body": {},
        "result": TEXTS_SCHEMA,
        "rows": {
            "type": "object",
            "properties": {
                "from": {"type": "string"},
                "each": TEXTS_SCHEMA,
                "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            },
            "required": ["each"],
            "additionalProperties": False,
        },
        "success": {
            "type": "object",
            "properties": {"status": _STATUSES, "where": {"type": "string"}, "equals": {}, "otherwise": _KIND},
            "additionalProperties": False,
        },
        "empty_on": _STATUSES,
        "errors": {"type": "object", "additionalProperties": _KIND},
        "example": {},
    },
    "required": ["path"],
    "additionalProperties": False,
}

OPERATIONS_SCHEMA: JSONObject = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 50,
    "additionalProperties": _OPERATION,
}
