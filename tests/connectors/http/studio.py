"""The ``http`` connector before a studio's API, through the registry as a tenant has it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.kernel.egress.policy import THIS_MACHINE, EgressPolicy
from connectors.plain_json import JSON
from connectors.port import ConnectorCall
from connectors.registry import ConnectorRegistry
from tests.fakes.loopback import LoopbackServer
from tests.fakes.rest_api import RestAPI

SECRET = "sk-studio-0123456789"

OPERATIONS: dict[str, JSON] = {
    "find_customer": {
        "summary": "Who has this phone number.",
        "path": "/customers",
        "query": {"phone": "{phone}", "note": "{note}"},
        "parameters": {"phone": "the number", "note": {"summary": "anything", "required": False}},
        "success": {"where": "ok", "equals": True, "otherwise": "rejected"},
        "result": {"name": "customer.name", "id": "customer.id", "none": "customer.cards.0"},
        "example": {"name": "Ana", "id": "c1"},
    },
    "list_classes": {
        "path": "/classes/{day}",
        "parameters": {"day": {"kind": "date", "summary": "the day"}},
        "rows": {
            "from": "items",
            "each": {"id": "class_{id}", "title": "{name}", "description": "{price} € · {teacher.name}"},
            "limit": 3,
        },
    },
    "enrol": {
        "method": "POST",
        "path": "/classes/{class}/members",
        "parameters": {"class": "which", "name": "who", "age": {"kind": "integer", "required": False}},
        "headers": {"X-Source": "whatsapp {name}"},
        "body": {"member": {"name": "{name}", "age": "{age}"}, "tags": ["{name}!", 7]},
        "errors": {"409": "conflict", "422": "rejected"},
    },
    "book_again": {"method": "POST", "path": "/classes/1/members", "idempotent": True},
    "leave": {"method": "DELETE", "path": "/classes/{class}/members", "parameters": {"class": "which"}},
    "maybe": {"path": "/maybe", "empty_on": [404]},
    "nothing": {"method": "PUT", "path": "/nothing"},
    "page": {"path": "/page"},
    "hang": {"path": "/hang"},
    "endless": {"path": "/endless"},
    "moved": {"path": "/moved"},
    "created_only": {"method": "PUT", "path": "/nothing", "success": {"status": 201, "otherwise": "unavailable"}},
}


@dataclass
class Studio:
    """``call`` asks as a flow would."""

    api: RestAPI
    registry: ConnectorRegistry
    url: str

    async def call(self, operation: str, *, key: str = "conversation:1:0", **params: Any) -> JSON:
        at = datetime(2026, 11, 29, 10, tzinfo=UTC)
        return await self.registry.invoke("crm", ConnectorCall(operation, params, key, "ana", at))


@asynccontextmanager
async def studio(*, egress: EgressPolicy = THIS_MACHINE, **block: JSON) -> AsyncIterator[Studio]:
    """``block`` are further keys of the configuration."""
    api = RestAPI()
    async with LoopbackServer(api.app()) as server:
        options: dict[str, JSON] = {
            "type": "http",
            "base_url": server.url,
            "auth": "bearer",
            "secret": SECRET,
            "operations": OPERATIONS,
            "policy": {"base_wait_s": 0.001, "max_wait_s": 0.001},
        }
        registry = ConnectorRegistry.from_config({"crm": options | block}, egress=egress)
        try:
            yield Studio(api, registry, server.url)
        finally:
            await registry.close()
