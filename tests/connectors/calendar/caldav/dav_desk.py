"""A desk over a CalDAV calendar, built from a tenant's block."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from connectors.calendar.caldav.adapter import CalDavAdapter
from connectors.kernel.egress.policy import THIS_MACHINE
from connectors.plain_json import JSON
from connectors.registry import ConnectorRegistry
from connectors.state import ConnectorState
from tests.connectors.calendar.desk import SETTINGS, Desk
from tests.connectors.calendar.google_calendar.google_desk import BUSINESS, QUICK
from tests.fakes.radicale_server import PASSWORD, USER


def block(url: str, **changes: JSON) -> dict[str, JSON]:
    """The keys of the manual."""
    shared: dict[str, JSON] = {
        key: SETTINGS[key] for key in ("timezone", "slot_duration_min", "schedule", "lookahead_days_client")
    }
    own: dict[str, JSON] = {"type": "caldav", "url": url, "username": USER, "password": PASSWORD}
    return shared | own | {"lookahead_days_manual": 60, "policy": dict(QUICK)} | changes


@asynccontextmanager
async def open_dav_desk(
    url: str,
    *,
    business: Mapping[str, JSON] = BUSINESS,
    state: ConnectorState | None = None,
    **changes: JSON,
) -> AsyncIterator[Desk]:
    registry = ConnectorRegistry.from_config(
        {"calendar": block(url, **changes)}, business=business, state=state, egress=THIS_MACHINE
    )
    try:
        yield Desk(registry)
    finally:
        await registry.close()


def adapter_of(desk: Desk) -> CalDavAdapter:
    adapter = desk.registry.connector("calendar")
    assert isinstance(adapter, CalDavAdapter)
    return adapter
