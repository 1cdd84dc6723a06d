"""The authoring pages in a real browser: a hairdresser changes her bot, tries it, tests it, publishes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # the package has no types
from playwright.async_api import expect

from tests.e2e.authoring_site import Site
from tests.e2e.authoring_steps import open_page, saved
from tests.e2e.browser import DESKTOP, EMPTY_PICTURE_BYTES, PICTURES, SERIOUS, TABLET, desk_page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PAGES = (
    *("conversation", "faq", "hours", "tests", "releases", "publish"),
    *("home", "start", "customers", "customers/conv-3f2a-41"),
)


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


KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('frontdesk:')).length"


async def test_signing_out_leaves_nothing_of_the_unsaved_draft_in_the_browser(site: Site) -> None:
    async with desk_page(provoked="net::ERR_") as page:
        page.on("dialog", lambda dialog: dialog.accept())  # the browser asks before unsaved text is left behind
        await open_page(page, site, "faq")
        await page.route("**/faq/draft", lambda route: route.abort())
        await page.locator("#text").press_sequentially("Olvidado. ")
        await expect(page.locator("#saved")).to_have_attribute("data-state", "offline")
        assert await page.evaluate(KEPT) == 1
        await page.unroute("**/faq/draft")
        await page.locator("form[action='/sign-out/']").evaluate("(form) => form.submit()")
        await page.wait_for_url("**/sign-in/")
        assert await page.evaluate(KEPT) == 0
        await open_page(page, site, "faq")
        assert "Olvidado. " not in await page.locator("#text").input_value()


async def test_what_somebody_left_unsaved_is_not_shown_to_the_next_person(site: Site) -> None:
    async with desk_page() as page:
        await open_page(page, site, "faq")
        address = await page.locator(".faq").get_attribute("data-draft")
        revision = await page.evaluate("JSON.parse(document.getElementById('begin').textContent).draft.revision")
        left = {"revision": revision, "waiting": [{"text": "De otra persona."}]}
        await page.evaluate("([key, left]) => localStorage.setItem(key, JSON.stringify(left))",
                            [f"frontdesk:0:{address}", left])  # fmt: skip
        await page.reload()
        await expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
        assert await page.evaluate(KEPT) == 0
        assert "De otra persona." not in await page.locator("#text").input_value()


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


async def test_a_gap_is_answered_at_its_heading_and_becomes_a_check(site: Site) -> None:
    async with desk_page() as page:
        await open_page(page, site, "faq")
        gap = page.locator("#gaps li", has_text="manicura")
        await expect(gap).to_contain_text("preguntado 3 veces")
        await gap.get_by_role("button", name="Añadir respuesta").click()
        await page.locator("dialog textarea").fill("Sí, hacemos manicura los martes por la tarde.")
        await page.get_by_role("button", name="Añadirla a las preguntas frecuentes").click()
        await expect(gap).to_have_count(0)
        await expect(page.locator("#checks li[data-holds=true]", has_text="manicura")).to_be_visible()
        await page.locator("#ask input").fill("¿Hacéis manicura?")
        await page.keyboard.press("Enter")
        await expect(page.locator("#answer .bubble")).to_have_text("Sí, hacemos manicura los martes por la tarde.")
        await page.locator("#facts button", has_text="Teléfono").click()
        await saved(page)
        assert "{{ business.phone }}" in await page.locator("#text").input_value()
        await page.get_by_role("tab", name="Leer").click()
        await expect(page.locator("#read")).to_contain_text("600 000 000")


async def test_somebody_answers_a_customer_who_waits(site: Site) -> None:
    async with desk_page() as page:
        await open_page(page, site, "home")
        await page.get_by_role("link", name="Contestar").click()
        await page.get_by_role("link", name="···41").click()
        await page.locator("textarea[name=text]").fill("Ahora te llamo, Ana.")
        await page.get_by_role("button", name="Enviar", exact=True).click()
        await expect(page.locator(".said")).to_contain_text("Va de camino al cliente")
        await expect(page.locator("aside")).to_contain_text("de camino")


async def test_publishing_takes_a_page_and_one_button(site: Site) -> None:
    async with desk_page() as page:
        await open_page(page, site, "publish")
        await page.get_by_role("button", name="Publicar", exact=True).click()
        await expect(page.locator(".said").first).to_contain_text("va de camino")
        await page.goto(site.page("releases"))
        await page.get_by_role("button", name="Volver a la 1").click()
        await expect(page.locator(".said").first).to_contain_text("va de camino")


@pytest.mark.parametrize("name", PAGES)
async def test_no_page_has_a_serious_finding_of_accessibility(site: Site, name: str) -> None:
    for dark in (False, True):
        async with desk_page(dark=dark) as page:
            await open_page(page, site, name)
            results = await Axe().run(page)
            serious = [
                (found["id"], [node["html"][:120] for node in found["nodes"][:3]])
                for found in results.response["violations"]
                if found["impact"] in SERIOUS
            ]
            assert serious == []


@pytest.mark.parametrize("name", PAGES)
async def test_every_page_is_kept_as_a_picture(site: Site, name: str, tmp_path: Path) -> None:
    folder = Path(PICTURES) if PICTURES else tmp_path
    for dark in (False, True):
        for viewport, size in ((DESKTOP, "desktop"), (TABLET, "tablet")):
            async with desk_page(dark=dark, viewport=viewport) as page:
                await open_page(page, site, name)
                kept = folder / f"{name.replace('s/conv-3f2a-41', '')}-{'dark' if dark else 'light'}-{size}.png"
                await page.screenshot(path=kept)
                assert kept.stat().st_size > EMPTY_PICTURE_BYTES
