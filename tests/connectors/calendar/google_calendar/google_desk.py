"""A desk over Google Calendar: the adapter as a tenant's block builds it, before a fake that listens on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from connectors.binding import Binding
from connectors.calendar.google_calendar.adapter import GoogleCalendarAdapter, build
from connectors.calendar.google_calendar.client import GoogleEndpoints
from connectors.clock import Clock, SystemClock
from connectors.kernel.http_client import build_http_client
from connectors.kernel.pipeline import Pipeline
from connectors.kernel.policy import CallPolicy
from connectors.kernel.policy_overrides import read_policy
from connectors.plain_json import JSON
from connectors.registry import ConnectorRegistry
from connectors.state import ConnectorState
from tests.connectors.calendar.desk import SETTINGS, Desk
from tests.fakes.google_calendar import FakeGoogle
from tests.fakes.google_calendar.server import API

SHOP = "shop@group.calendar.google.com"

BUSINESS: dict[str, JSON] = {
    "name": "Peluquería Luna",
    "services": [
        {"id": "cut", "name": {"es": "Corte", "en": "Haircut"}},
        {"id": "color", "name": "Color", "description": "Con lavado", "minutes": 90},
    ],
}

QUICK: dict[str, JSON] = {"attempts": 3, "base_wait_s": 0.001, "max_wait_s": 0.002}


def block(**changes: JSON) -> dict[str, JSON]:
    """The keys of the manual."""
    shared: dict[str, JSON] = {key: SETTINGS[key] for key in ("timezone", "slot_duration_min", "schedule")}
    return shared | {"calendar_id": SHOP, "lookahead_days_client": 14, "lookahead_days_manual": 60} | changes


@asynccontextmanager
async def open_google_desk(
    google: FakeGoogle,
    url: str,
    *,
    business: Mapping[str, JSON] = BUSINESS,
    state: ConnectorState | None = None,
    clock: Clock | None = None,
    policy: Mapping[str, JSON] = QUICK,
    **changes: JSON,
) -> AsyncIterator[Desk]:
    """``state`` of its own, as another process would have, unless one is given."""
    clock = clock or SystemClock()
    async with build_http_client() as http:
        options = block(credentials=google.key.text) | changes
        binding = Binding(
            "calendar",
            "google_calendar",
            "connectors.calendar",
            options,
            "",
            clock,
            lambda: http,
            lambda: http,
            business,
            state or ConnectorState(),
        )
        adapter = build(binding, GoogleEndpoints(api=url + API, token=f"{url}/token"))
        pipeline = Pipeline("calendar", read_policy(policy, "policy", CallPolicy()), clock)
        yield Desk(ConnectorRegistry({"calendar": adapter}, {"calendar": pipeline}, ()))


def adapter_of(desk: Desk) -> GoogleCalendarAdapter:
    adapter = desk.registry.connector("calendar")
    assert isinstance(adapter, GoogleCalendarAdapter)
    return adapter
