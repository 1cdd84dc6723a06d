"""A visitor on the business's own web site: opens the chat, books, loses the line, comes back. By mouse and by keys."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.e2e.browser import phone_page
from tests.e2e.child import Child, clean_environment
from tests.e2e.test_chat_page import ROOT, free_port
from tests.fakes.loopback import LoopbackServer

pytestmark = pytest.mark.browser

TENANT = """\
tenant_id: luna
flow_path: {flow}
channel:
  type: web_chat
  visitor_secret: 0123456789abcdef0123456789abcdef
  allowed_origins: ["{site}"]
connectors:
  calendar: {{type: mock_calendar}}
  llm: {{type: mock_llm}}
"""
SITE = """\
<!doctype html><html lang="es"><head><meta charset="utf-8"><title>Luna</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style nonce="x">* {{ color: hotpink; font-family: serif }} button {{ display: none }}</style></head>
<body><h1>Luna</h1><script type="module" src="{bot}/widget/files/widget.js"></script></body></html>
"""


FIRST_REQUEST_FAILS = """\
() => {
  const real = window.fetch;
  window.fetch = () => ((window.fetch = real), Promise.reject(new TypeError("the line is down")));
}"""
"""As fetch fails without a line. Cutting a real request would be reported by the browser as an error of the page."""


@dataclass(slots=True)
class Site:
    """A page of somebody's with a strict policy and careless styles."""

    bot: str = ""

    async def page(self, request: Request) -> Response:
        allowed = f"script-src {self.bot}; connect-src {self.bot}"
        policy = f"default-src 'none'; style-src 'nonce-x'; img-src data:; {allowed}"
        return HTMLResponse(SITE.format(bot=self.bot), headers={"Content-Security-Policy": policy})


@pytest.fixture
async def site_url(tmp_path: Path) -> AsyncIterator[str]:
    """The site's page; a runtime with the web chat runs behind it."""
    site, port = Site(), free_port()
    site.bot = f"http://127.0.0.1:{port}"
    async with LoopbackServer(Starlette(routes=[Route("/", site.page)])) as server:
        config = tmp_path / "tenant.yaml"
        config.write_text(TENANT.format(flow=ROOT / "flows" / "peluqueria_flow.yaml", site=server.url))
        environment = clean_environment(
            TENANT_CONFIG_PATH=str(config), STATE_DIR=str(tmp_path / "state"), PORT=str(port), HOST="127.0.0.1"
        )
        async with Child(["-m", "runtime"], environment, tmp_path / "runtime.log") as runtime:
            await runtime.until_answers(f"{site.bot}/health", status="ok")
            yield server.url


async def said(page: Page) -> list[str]:
    """What the visitor's bubbles say, oldest first."""
    return await page.locator(".visitor .words").all_inner_texts()


async def keep_picture(page: Page, name: str) -> None:
    """For people to look at, where they ask for it."""
    folder = os.environ.get("FRONTDESK_SCREENSHOTS")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_visitor_books_by_tapping_and_finds_the_chat_again(site_url: str) -> None:
    async with phone_page() as page:
        await page.goto(site_url)
        await page.get_by_role("button", name="Abrir el chat").tap()
        await expect(page.get_by_role("dialog", name="Peluquería Marea")).to_be_visible()
        await page.get_by_role("button", name="Reservar cita").tap()
        await keep_picture(page, "web-chat-menu")
        await page.get_by_role("button", name="Ver servicios").tap()
        await page.get_by_role("button", name="Corte 30 min").tap()
        await page.get_by_role("button", name="Ver días").tap()
        await keep_picture(page, "web-chat-days")
        await expect(page.get_by_role("button", name="Reservar cita")).to_be_disabled()
        await expect(page.get_by_role("button", name="Reservar cita")).to_have_attribute("aria-pressed", "true")

        await page.reload()
        await page.get_by_role("button", name="Abrir el chat").tap()
        await expect(page.get_by_role("button", name="Ver días")).to_be_visible()
        assert await said(page) == ["Reservar cita", "Corte"]


async def test_the_pages_own_styles_change_nothing_in_the_chat(site_url: str) -> None:
    async with phone_page() as page:
        await page.goto(site_url)
        await page.get_by_role("button", name="Abrir el chat").tap()
        title = page.get_by_role("heading", name="Peluquería Marea")
        assert await title.evaluate("node => getComputedStyle(node).color") == "rgb(28, 33, 39)"
        assert "serif" not in (await title.evaluate("node => getComputedStyle(node).fontFamily")).split(", ")


async def test_it_can_be_used_without_a_mouse(site_url: str) -> None:
    async with phone_page() as page:
        await page.goto(site_url)
        await expect(page.get_by_role("button", name="Abrir el chat")).to_be_visible()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Escribe un mensaje")).to_be_focused()
        await expect(page.get_by_role("button", name="Reservar cita")).to_be_visible()
        await page.keyboard.type("reservar cita")
        await page.keyboard.press("Enter")
        opener = page.get_by_role("button", name="Ver servicios")
        await opener.focus()
        await page.keyboard.press("Enter")
        await expect(opener).to_have_attribute("aria-expanded", "true")
        await expect(page.get_by_role("button", name="Corte 30 min")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(opener).to_be_focused()
        await expect(opener).to_have_attribute("aria-expanded", "false")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Abrir el chat")).to_be_focused()


async def test_what_is_written_while_the_line_is_down_arrives_once_it_is_back(site_url: str) -> None:
    async with phone_page() as page:
        await page.goto(site_url)
        await page.get_by_role("button", name="Abrir el chat").tap()
        await expect(page.get_by_role("button", name="Reservar cita")).to_be_visible()
        await page.evaluate(FIRST_REQUEST_FAILS)
        await page.get_by_label("Escribe un mensaje").fill("reservar cita")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="Ver servicios")).to_be_visible(timeout=15_000)
        assert await said(page) == ["reservar cita"]


async def test_a_text_cannot_become_markup(site_url: str) -> None:
    async with phone_page() as page:
        await page.goto(site_url)
        await page.get_by_role("button", name="Abrir el chat").tap()
        await expect(page.get_by_role("button", name="Reservar cita")).to_be_visible()
        words = "<img src=x onerror=alert(1)> https://luna.example/a?b=1."
        await page.get_by_label("Escribe un mensaje").fill(words)
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(words)).to_be_visible()
        assert await page.locator(".log img").count() == 0


async def test_the_page_of_the_runtime_is_the_chat_and_nothing_else(site_url: str, tmp_path: Path) -> None:
    async with phone_page(language="en") as page:
        await page.goto(site_url)
        bot = await page.locator("script").get_attribute("src")
        assert bot is not None
        await page.goto(bot.replace("/files/widget.js", ""))
        await expect(page.get_by_role("button", name="Reservar cita")).to_be_visible()
        await expect(page.get_by_role("button", name="Abrir el chat")).to_have_count(0)
        await keep_picture(page, "web-chat-page")
