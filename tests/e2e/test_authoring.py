"""The authoring pages in a real browser: a hairdresser changes her bot, tries it, tests it, publishes it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # the package has no types
from playwright.async_api import Page, expect

from tests.e2e.authoring_site import Site, authoring_site
from tests.e2e.browser import DESKTOP, TABLET, desk_page
from tests.e2e.child import run

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PAGES = ("conversation", "faq", "hours", "tests", "releases", "publish")
PICTURES = os.environ.get("FRONTDESK_PICTURES")
"""A folder that keeps every page as a picture, light and dark, desktop and tablet; else they are only made."""

EMPTY_PICTURE_BYTES = 10_000
"""A page of one colour packs into less."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with authoring_site(tmp_path_factory.mktemp("site")) as running:
        yield running


async def open_page(page: Page, site: Site, name: str) -> None:
    await site.sign_in(page)
    await page.goto(site.page(name))
    if name == "conversation":
        await page.locator(".editor[data-ready]").wait_for()


async def say(page: Page, words: str) -> None:
    await page.locator("#phone-say input").fill(words)
    await page.keyboard.press("Enter")


async def newest(page: Page, words: str) -> None:
    await expect(page.locator("#phone-chat li.from-bot").last).to_contain_text(words)


async def saved(page: Page) -> None:
    await expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


async def draft_of(site: Site) -> str:
    """The text as it is stored."""
    code = (
        "import django; django.setup()\n"
        "from platform_admin.flows.models import FlowDraft\n"
        "print(FlowDraft.objects.across_tenants('a test looks').get().text, end='')"
    )
    return await run(
        ["-c", code], {**site.environment, "DJANGO_SETTINGS_MODULE": "platform_admin.config.settings.base"}
    )


async def test_a_changed_sentence_is_on_the_phone_at_once_and_the_text_keeps_its_comments(site: Site) -> None:
    before = await draft_of(site)
    async with desk_page() as page:
        await open_page(page, site, "conversation")
        await say(page, "Hola")
        await newest(page, "¿En qué te ayudo?")
        await page.locator("#form textarea").first.fill("Buenas, soy el bot de Luna.")
        await saved(page)
        await newest(page, "Buenas, soy el bot de Luna.")
    after = await draft_of(site)
    assert [line for line in after.splitlines() if line.strip().startswith("#")] == [
        line for line in before.splitlines() if line.strip().startswith("#")
    ]
    assert len(set(before.splitlines()) ^ set(after.splitlines())) == 2


async def test_the_map_follows_the_phone_and_a_tap_leads_on(site: Site) -> None:
    async with desk_page() as page:
        await open_page(page, site, "conversation")
        await say(page, "Hola")
        await page.locator("#phone-chat").get_by_role("button", name="Reservar cita").last.click()
        await newest(page, "¿Qué te hacemos?")
        await expect(page.locator(".map-card[data-here] b")).to_have_text("Elegir servicio")
        await page.get_by_role("button", name="Agenda caída").click()
        await page.locator("#phone-chat").get_by_role("button", name="Corte").last.click()
        await newest(page, "no consigo ver la agenda")
        await page.locator("#phone-chat li.from-bot").last.get_by_text("¿Por qué?").click()
        await expect(page.locator("#phone-chat li.from-bot").last.locator(".why")).to_contain_text("SIN_CALENDARIO")


async def test_a_step_is_renamed_and_everything_follows_and_it_can_be_undone(site: Site) -> None:
    before = await draft_of(site)
    async with desk_page() as page:
        await open_page(page, site, "conversation")
        await page.locator(".map-card", has_text="Elegir servicio").click()
        await page.locator("#form [data-rename]").fill("Escoger servicio")
        await page.keyboard.press("Enter")
        await saved(page)
        await expect(page.locator(".map-card", has_text="Escoger servicio")).to_be_visible()
        assert "\n  ELEGIR_SERVICIO:\n" not in await draft_of(site)
        await page.locator("#map").focus()
        await page.keyboard.press("Control+z")
        await expect(page.locator(".map-card", has_text="Elegir servicio")).to_be_visible()
        await saved(page)
    assert await draft_of(site) == before


async def test_a_chat_becomes_a_test_that_is_played_from_then_on(site: Site) -> None:
    async with desk_page() as page:
        await open_page(page, site, "conversation")
        await say(page, "Hola")
        await page.locator("#phone-chat").get_by_role("button", name="Horario y precios").last.click()
        await newest(page, "Corte 18 €")
        await page.locator("#phone-save").click()
        await page.locator("dialog input").fill("Pregunta por el horario")
        await page.keyboard.press("Enter")
        await expect(page.locator(".phone-note")).to_have_text("Guardado como prueba")
        await page.goto(site.page("tests"))
        await expect(page.locator(".trial")).to_contain_text("Pregunta por el horario")
        await expect(page.locator(".trial .badge")).to_have_text("se cumple")


async def test_a_lost_connection_loses_no_keystroke(site: Site) -> None:
    async with desk_page(provoked="net::ERR_INTERNET_DISCONNECTED") as page:
        await open_page(page, site, "faq")
        await page.context.set_offline(True)
        await page.locator("#text").press_sequentially("Nuevo. ")
        await expect(page.locator("#saved")).to_have_attribute("data-state", "offline")
        await page.context.set_offline(False)
        await saved(page)
        await page.reload()
        assert "Nuevo. " in await page.locator("#text").input_value()


async def test_a_session_that_ends_keeps_what_was_typed(site: Site) -> None:
    async with desk_page(provoked="the server responded with a status of 403") as page:
        await open_page(page, site, "faq")
        await page.context.clear_cookies()
        await page.locator("#text").press_sequentially("Más. ")
        await expect(page.locator("#saved")).to_have_attribute("data-state", "signed_out")
        await open_page(page, site, "faq")
        await saved(page)
        assert "Más. " in await page.locator("#text").input_value()


async def test_two_authors_collide_and_neither_text_is_lost(site: Site) -> None:
    conflict = "the server responded with a status of 409"
    async with desk_page() as first, desk_page(provoked=conflict) as second:
        await open_page(first, site, "faq")
        await open_page(second, site, "faq")
        await first.locator("#text").press_sequentially("Primera. ")
        await saved(first)
        await second.locator("#text").press_sequentially("Segunda. ")
        await expect(second.locator("#saved")).to_have_attribute("data-state", "conflict")
        await second.get_by_role("button", name="Dejar lo mío").click()
        await saved(second)
        assert "Segunda. " in await second.locator("#text").input_value()


async def test_publishing_takes_a_page_and_one_button(site: Site) -> None:
    async with desk_page() as page:
        await open_page(page, site, "publish")
        await page.get_by_role("button", name="Publicar", exact=True).click()
        await expect(page.locator(".said").first).to_contain_text("va de camino")
        await page.goto(site.page("releases"))
        await page.get_by_role("button", name="Volver a la 1").click()
        await expect(page.locator(".said").first).to_contain_text("va de camino")


async def test_the_keyboard_walks_the_map(site: Site) -> None:
    async with desk_page() as page:
        await open_page(page, site, "conversation")
        await page.locator(".map-card[aria-current=true]").focus()
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("#form [data-rename]")).not_to_have_value("Bienvenida")
        await page.locator("#map").focus()
        await page.keyboard.press("/")
        await expect(page.locator("[data-map=find]")).to_be_focused()


@pytest.mark.parametrize("name", PAGES)
async def test_no_page_has_a_serious_finding_of_accessibility(site: Site, name: str) -> None:
    for dark in (False, True):
        async with desk_page(dark=dark) as page:
            await open_page(page, site, name)
            results = await Axe().run(page)
            serious = [
                (found["id"], [node["html"][:120] for node in found["nodes"][:3]])
                for found in results.response["violations"]
                if found["impact"] in ("serious", "critical")
            ]
            assert serious == []


@pytest.mark.parametrize("name", PAGES)
async def test_every_page_is_kept_as_a_picture(site: Site, name: str, tmp_path: Path) -> None:
    folder = Path(PICTURES) if PICTURES else tmp_path
    for dark in (False, True):
        for viewport, size in ((DESKTOP, "desktop"), (TABLET, "tablet")):
            async with desk_page(dark=dark, viewport=viewport) as page:
                await open_page(page, site, name)
                kept = folder / f"{name}-{'dark' if dark else 'light'}-{size}.png"
                await page.screenshot(path=kept)
                assert kept.stat().st_size > EMPTY_PICTURE_BYTES
