"""What only shows when something has happened, kept as pictures: problems, people on the map, a replay, the switch."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.authoring_site import SLUG, Site, authoring_site
from tests.e2e.authoring_steps import open_page, say
from tests.e2e.browser import EMPTY_PICTURE_BYTES, PICTURES, desk_page
from tests.e2e.child import run

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

BOOKED: Final = {"BIENVENIDA": 214, "ELEGIR_SERVICIO": 131, "ELEGIR_DIA": 118, "ELEGIR_HORA": 71, "CONFIRMAR": 64}
WAYS: Final = [
    ("BIENVENIDA", "ELEGIR_SERVICIO", 131),
    ("BIENVENIDA", "INFORMACION", 52),
    ("ELEGIR_SERVICIO", "ELEGIR_DIA", 118),
    ("ELEGIR_DIA", "ELEGIR_HORA", 71),
    ("ELEGIR_HORA", "CONFIRMAR", 64),
    ("CONFIRMAR", "RESERVADA", 58),
]
DAYS: Final = [31, 44, 12, 58, 61, 49, 53, 40, 47, 15, 62, 57, 50, 46]
"""Messages of customers, from today backwards."""

PLAYED: Final = {
    "conversations": 200, "turns": 912, "same": 197, "different": 3, "failed": 0,
    "examples": [
        {"state": "INFORMACION", "before": ["Corte 18 € · Color 45 €"], "after": ["Corte 20 € · Color 48 €"]},
        {"state": "BIENVENIDA", "before": ["¡Hola! ¿En qué te ayudo?"], "after": ["¡Hola! Dime qué necesitas."]},
    ],
}  # fmt: skip

_SEEN: Final = f"""
import django, json, sys
django.setup()
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone
from platform_admin.authoring.draft_access import tenant_draft
from platform_admin.commands.actions import CommandResult, note_results
from platform_admin.commands.models import RuntimeCommand
from platform_admin.connect.actions import connect
from platform_admin.flows.actions import save_draft
from platform_admin.observability.models import DailyCount
from platform_admin.observability.runtime_sighting import RuntimeSighting
from platform_admin.releases.rehearsal import rehearse
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant
luna, now, by = Tenant.objects.get(slug={SLUG!r}), timezone.now(), CommandActor("test")
told = json.load(sys.stdin)
today = now.astimezone(ZoneInfo(luna.timezone)).date()  # figures are kept by the business's own day
def count(name, number, **labels):
    words = json.dumps(labels, separators=(",", ":"))
    DailyCount.objects.create(tenant=luna, day=today, name=name, labels=words, count=number)
for state, number in told["steps"].items():
    count("state_entered", number, state=state)
for source, target, number in told["ways"]:
    count("transition", number, **{{"from": source, "to": target}})
RuntimeSighting.objects.for_tenant(luna).update_or_create(tenant=luna, defaults={{
    "serial": 1, "last_report_at": now, "last_pull_at": now, "gauges": {{}},
    "last_inbound_at": now - timedelta(minutes=12)}})
for days, number in enumerate(told["days"]):
    DailyCount.objects.create(
        tenant=luna, day=today - timedelta(days=days), name="messages_in", labels="{{}}", count=number)
block = {{"type": "caldav", "url": "https://127.0.0.1:9/", "username": "ana", "timezone": "Europe/Madrid"}}
connect(tenant=luna, category="calendar", block=block, secrets={{"password": "x"}}, by=by)
flow = tenant_draft(luna).flow
save_draft(flow=flow, text=tenant_draft(luna).text.replace("¿En qué te ayudo?", "Dime qué necesitas."), by=by)
rehearse(tenant=luna, by=by)
command = RuntimeCommand.objects.for_tenant(luna).filter(kind="replay").latest("pk")
note_results(tenant=luna, results=[CommandResult(command.public_id, "done", "", told["played"])], now=now)
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with authoring_site(tmp_path_factory.mktemp("site")) as running:
        django = {**running.environment, "DJANGO_SETTINGS_MODULE": "platform_admin.config.settings.base"}
        told = json.dumps({"steps": BOOKED, "ways": WAYS, "played": PLAYED, "days": DAYS})
        await run(["-c", _SEEN], django, stdin=told)
        yield running


async def people(page: Page, site: Site) -> None:
    await open_page(page, site, "conversation")
    await expect(page.locator("#map svg text").first).to_contain_text("%")


async def switch(page: Page, site: Site) -> None:
    """On the phone, the business's own connections are asked; nothing of them is, before the customer books."""
    await open_page(page, site, "conversation")
    await page.locator("#phone-real").check()
    await expect(page.locator("#phone-promise")).to_contain_text("tu calendario")
    await expect(page.locator(".phone")).to_have_attribute("data-real", "")
    await say(page, "hola")
    await expect(page.locator("#phone-chat li.from-bot")).to_have_count(1)


async def problems(page: Page, site: Site) -> None:
    await open_page(page, site, "conversation")
    title = page.locator("#form .option input").first
    await title.fill("Reservar una cita para hoy mismo")
    await expect(page.locator("#tray [data-code=F123]")).to_be_visible()
    await expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


async def mended(page: Page) -> None:
    """As it was before ``problems``."""
    await page.locator("#undo").click()
    await expect(page.locator("#tray")).to_be_hidden()


async def replay(page: Page, site: Site) -> None:
    await open_page(page, site, "publish")
    await expect(page.locator("main")).to_contain_text("3 de tus últimas 200 conversaciones irían de otra manera")


async def week(page: Page, site: Site) -> None:
    await open_page(page, site, "home")
    await expect(page.locator("main")).to_contain_text("El último cliente escribió")


SCENES: Final = {"week": week, "people": people, "switch": switch, "replay": replay, "problems": problems}


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_is_shown_and_kept_as_a_picture(site: Site, name: str, dark: bool, tmp_path: Path) -> None:
    kept = (Path(PICTURES) if PICTURES else tmp_path) / f"{name}-{'dark' if dark else 'light'}-desktop.png"
    async with desk_page(dark=dark) as page:
        await SCENES[name](page, site)
        await page.screenshot(path=kept)
        assert kept.stat().st_size > EMPTY_PICTURE_BYTES
        if name == "problems":
            await mended(page)
