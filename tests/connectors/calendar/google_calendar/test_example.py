"""The template for a tenant with Google Calendar: it loads, and its block has the keys of the manual and no others."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import yaml

from connectors.calendar.google_calendar.adapter import GoogleCalendarAdapter
from connectors.registry import ConnectorRegistry
from runtime.tenant_file import read_tenant_file

EXAMPLE = Path(__file__).parents[3] / "configs" / "google_calendar_tenant.yaml.example"

KEYS = {
    "credentials_path",
    "calendar_id",
    "timezone",
    "slot_duration_min",
    "lookahead_days_client",
    "lookahead_days_manual",
    "schedule",
}


def test_the_template_names_exactly_the_keys_there_are() -> None:
    block = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["connectors"]["calendar"]
    assert set(block) == KEYS | {"type"}


async def test_the_template_loads_and_says_what_it_says() -> None:
    config = read_tenant_file(EXAMPLE)
    registry = ConnectorRegistry.from_config(config.connectors, business=config.settings.business)
    adapter = registry.connector("calendar")
    assert isinstance(adapter, GoogleCalendarAdapter)
    settings = adapter.settings
    assert (settings.timezone, settings.step) == ("Europe/Madrid", timedelta(minutes=30))
    assert (settings.lookahead_days, settings.manual_lookahead_days) == (14, 60)
    assert [service.id for service in settings.services] == ["corte", "color"]
    assert settings.service("color").after == timedelta(minutes=10)
    assert [each.id for each in settings.staff_for(settings.service("color"))] == ["eva"]
    assert {settings.calendar_of(each) for each in settings.staff} == {
        "eva@group.calendar.google.com",
        "leo@group.calendar.google.com",
    }
    assert [(span.opens, span.closes) for span in settings.hours.on(date(2026, 12, 24))] == [(600, 780)]
    assert settings.hours.on(date(2026, 12, 25)) == ()
    assert len(settings.hours.on(date(2026, 12, 23))) == 2
    await registry.close()
