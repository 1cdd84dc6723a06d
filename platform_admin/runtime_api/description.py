"""What drf-spectacular cannot see by itself: the bearer token, and the long poll, which is no view of DRF's."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from platform_admin.runtime_api.commands import LONGEST_WAIT_S

_SCHEME: Final = "runtimeToken"
_COMMANDS_PATH: Final = "/api/runtime/v1/tenants/{slug}/commands"


class RuntimeTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # the stubs leave __init_subclass__ open
    target_class = "platform_admin.tenants.api.RuntimeTokenAuthentication"
    name = _SCHEME

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


def add_long_poll(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular."""
    slug = {"in": "path", "name": "slug", "schema": {"type": "string"}, "required": True}
    wait = {
        "in": "query",
        "name": "wait",
        "schema": {"type": "integer", "minimum": 0, "maximum": int(LONGEST_WAIT_S)},
        "description": "Seconds to wait when nothing is queued.",
    }
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Commands"}}}
    result["paths"][_COMMANDS_PATH] = {
        "get": {
            "operationId": "commands",
            "description": "What the runtime is to do now; waits for it when nothing is queued.",
            "parameters": [slug, wait],
            "tags": ["tenants"],
            "security": [{_SCHEME: []}],
            "responses": {"200": {"content": answer, "description": ""}},
        }
    }
    result["components"]["schemas"]["Commands"] = {
        "type": "object",
        "properties": {"commands": {"type": "array", "items": {"$ref": "#/components/schemas/Command"}}},
        "required": ["commands"],
    }
    result["paths"] = dict(sorted(result["paths"].items()))
    return result
