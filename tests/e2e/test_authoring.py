"""The authoring pages in a real browser: a hairdresser changes her bot, tries it, tests it, publishes it."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # the package has no types
from playwright.async_api import Page, expect

from tests.e2e.authoring_site import Site, authoring_site
from tests.e2e.browser import DESKTOP, TABLET, desk_page, phone_page
from tests.e2e.child import run

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PAGES = (
    *("conversation", "faq", "hours", "tests", "releases", "publish"),
    *("home", "start", "customers", "customers/conv-3f2a-41"),
)
PICTURES = os.environ.get("FRONTDESK_PICTURES")
"""A folder that keeps every page as a picture, light and dark, desktop and tablet; else they are only made."""

SERIOUS = ("serious", "critical")
"""The impacts, in axe's words, that no page may have."""

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
