"""``Desk``: asks a calendar as a flow would, with a new idempotency key for each request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from connectors.kernel.egress.policy import THIS_MACHINE
from connectors.plain_json import JSON
from connectors.port import ConnectorCall
from connectors.registry import ConnectorRegistry

SETTINGS: dict[str, JSON] = {
    "type": "mock_calendar",
    "timezone": "Europe/Madrid",
    "slot_duration_min": 30,
    "lookahead_days_client": 14,
    "schedule": {
        "mon": ["10:00-14:00", "17:00-21:00"],
        "tue": ["10:00-14:00", "17:00-21:00"],
        "sat": ["10:00-12:00"],
    },
    "services": [
        {"id": "cut", "title": {"es": "Corte", "en": "Haircut"}},
        {"id": "service_color", "title": "Color", "description": "Con lavado", "duration_min": 90},
    ],
}

MONDAY_9 = datetime(2026, 11, 23, 8, tzinfo=UTC)  # 09:00 in Madrid


@dataclass
class Desk:
    registry: ConnectorRegistry
    at: datetime = MONDAY_9
    language: str = "es"
    _keys: Any = field(default_factory=lambda: (f"conversation:{number}:0" for number in count(1)))

    async def ask(self, operation: str, *, contact: str = "ana", key: str = "", **params: Any) -> Any:
        call = ConnectorCall(
            operation, params, key or next(self._keys), contact, self.at, "America/Bogota", self.language
        )
        return await self.registry.invoke("calendar", call)

    async def book(self, date: str, time: str, *, service: str = "cut", contact: str = "ana", key: str = "") -> Any:
        return await self.ask("book_appointment", contact=contact, key=key, date=date, time=time, service=service)

    async def days(self, **params: Any) -> list[str]:
        found = await self.ask("get_available_days", **({"from_date": "2026-11-23"} | params))
        return [day["id"] for day in found]

    async def slots(self, date: str, **params: Any) -> list[str]:
        return [slot["title"] for slot in await self.ask("get_available_slots", date=date, **params)]


@asynccontextmanager
async def open_desk(**settings: JSON) -> AsyncIterator[Desk]:
    """A desk over ``SETTINGS`` with ``settings`` on top."""
    registry = ConnectorRegistry.from_config({"calendar": SETTINGS | settings}, egress=THIS_MACHINE)
    try:
        yield Desk(registry)
    finally:
        await registry.close()
