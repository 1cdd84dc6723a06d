"""The conversation in a real browser: its steps, its map, its phone and its tests."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # the package has no types
from playwright.async_api import expect

from tests.e2e.authoring_site import Site
from tests.e2e.authoring_steps import draft_of, newest, open_page, saved, say
from tests.e2e.browser import SERIOUS, desk_page, phone_page
from tests.e2e.child import run

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


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
        await expect(page.locator("#phone-chat li.from-bot").last.locator(".why")).to_contain_text("Sin calendario")


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


async def test_a_problem_is_told_in_words_and_mended_at_one_press_and_undone_by_a_button(site: Site) -> None:
    before = await draft_of(site)
    async with desk_page() as page:
        await open_page(page, site, "conversation")
        await expect(page.locator("#undo")).to_be_disabled()
        title = page.locator("#form .option input").first
        was = await title.input_value()
        await title.fill("Reservar una cita para hoy mismo")
        tray = page.locator("#tray li[data-code=F123]")
        await expect(tray).to_contain_text("tiene 32 caracteres; WhatsApp muestra 20.")
        await expect(page.locator("#form .problem[data-code=F123]")).to_be_visible()
        await saved(page)
        await tray.get_by_role("button", name="Acortar a «Reservar una cita»").click()
        await expect(page.locator("#form .option input").first).to_have_value("Reservar una cita")
        await expect(tray).to_have_count(0)
        await saved(page)
        for _ in range(2):
            await page.locator("#undo").click()
            await saved(page)
            await page.wait_for_function("() => !document.querySelector('#redo').disabled")
        await expect(page.locator("#form .option input").first).to_have_value(was)
    assert await draft_of(site) == before


async def test_every_step_is_edited_in_the_form_and_in_the_texts_and_the_comments_stay(site: Site) -> None:
    before = await draft_of(site)
    async with desk_page() as page:
        await open_page(page, site, "conversation")
        names = [card["name"] for card in await page.evaluate(_CARDS)]
        edited = 0
        for name in names:
            await page.evaluate("name => document.querySelector(`[data-step='${name}']`).click()", name)
            await page.locator(f"#form [data-rename='{name}']").wait_for()
            field = page.locator("#form textarea[data-path]").first
            if await field.count():
                await field.fill(f"{await field.input_value()} (bis)")
                edited += 1
        await saved(page)
        await page.locator(".tabs [data-view=texts]").click()
        rows = page.locator("#texts textarea")
        await rows.first.wait_for()
        assert await rows.count() >= edited
        await rows.last.fill("Cambiado en la tabla")
        await saved(page)
        await page.locator(".tabs [data-view=yaml]").click()
        await page.locator(".cm-content").wait_for()
        await page.locator(".cm-content").press("Control+End")
        await page.keyboard.type("\n# escrito a mano")
        await saved(page)
    after = await draft_of(site)
    comments = [line for line in before.splitlines() if line.strip().startswith("#")]
    assert [line for line in after.splitlines() if line.strip().startswith("#")] == [*comments, "# escrito a mano"]
    assert after.count("(bis)") == edited
    assert "Cambiado en la tabla" in after
    await restore(site, before)


_CARDS = "() => JSON.parse(document.getElementById('begin').textContent).draft.map.cards"


async def restore(site: Site, text: str) -> None:
    """The draft as another test expects it."""
    code = (
        "import sys, django; django.setup()\n"
        "from platform_admin.flows.actions import save_draft\n"
        "from platform_admin.flows.models import Flow\n"
        "from platform_admin.tenants.actor import CommandActor\n"
        "flow = Flow.objects.across_tenants('a test').get()\n"
        "save_draft(flow=flow, text=sys.stdin.read(), by=CommandActor('test'))"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "platform_admin.config.settings.base"}
    await run(["-c", code], {**site.environment, **settings}, stdin=text)


async def test_a_step_that_is_led_to_says_from_where_before_it_goes(site: Site) -> None:
    before = await draft_of(site)
    async with desk_page() as page:
        await open_page(page, site, "conversation")
        await page.locator(".map-card", has_text="Sin calendario").click()
        await expect(page.locator("#form [data-rename]")).to_have_value("Sin calendario")
        await page.locator("#form .step-title summary").click()
        await page.get_by_role("button", name="Borrar el paso").click()
        panel = page.locator("#form .deleting")
        await expect(panel).to_contain_text("A este paso se llega desde: ")
        assert await draft_of(site) == before
        await panel.get_by_role("button", name="Borrar el paso").click()
        await expect(page.locator(".map-card", has_text="Sin calendario")).to_have_count(0)
        await saved(page)
        await page.locator("#undo").click()
        await expect(page.locator(".map-card", has_text="Sin calendario")).to_be_visible()
        await saved(page)
    assert await draft_of(site) == before


async def test_an_empty_conversation_offers_its_first_step(site: Site) -> None:
    before = await draft_of(site)
    await restore(site, "")
    try:
        async with desk_page() as page:
            await open_page(page, site, "conversation")
            await expect(page.locator("#tray")).to_be_hidden()
            await page.locator("#first-step").click()
            await expect(page.locator(".map-card b")).to_have_text("Bienvenida")
            await expect(page.locator("#map-empty")).to_be_hidden()
            await expect(page.locator("#form [data-rename]")).to_have_value("Bienvenida")
            await saved(page)
    finally:  # the tests after this one go on with the conversation
        await restore(site, before)


async def test_somebody_without_an_account_tries_the_draft_by_a_link_until_it_is_taken_back(site: Site) -> None:
    gone = "the server responded with a status of 404"
    async with desk_page() as page, phone_page() as phone:
        await open_page(page, site, "conversation")
        await page.locator("#share").click()
        await page.get_by_role("button", name="Crear un enlace").click()
        link = await page.locator(".links input").input_value()
        await phone.goto(link)
        await phone.locator("#phone[data-ready]").wait_for()
        await say(phone, "Hola")
        await newest(phone, "Reservar cita")
        results = await Axe().run(phone)
        assert [found["id"] for found in results.response["violations"] if found["impact"] in SERIOUS] == []
        await page.get_by_role("button", name="Retirar").click()
        await expect(page.locator(".links li")).to_have_count(0)
    async with desk_page(provoked=gone) as page:
        await page.goto(link)
        await expect(page.locator("h1")).to_have_text("Este enlace no funciona")


async def test_the_map_shows_which_steps_no_test_enters(site: Site) -> None:
    async with desk_page() as page:
        await open_page(page, site, "conversation")
        button = page.locator("[data-map=tested]")
        await expect(button).to_have_attribute("data-state", re.compile("none|good|bad"))
        await button.click()
        await expect(page.locator(".map-card[data-untested]").first).to_be_visible()
        await button.click()
        await expect(page.locator(".map-card[data-untested]")).to_have_count(0)


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


async def test_the_keyboard_walks_the_map(site: Site) -> None:
    async with desk_page() as page:
        await open_page(page, site, "conversation")
        await page.locator(".map-card[aria-current=true]").focus()
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("#form [data-rename]")).not_to_have_value("Bienvenida")
        await page.locator("#map").focus()
        await page.keyboard.press("/")
        await expect(page.locator("[data-map=find]")).to_be_focused()
