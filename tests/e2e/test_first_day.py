"""The first day of a business: somebody who has never seen YAML builds a bot in the browser, and a customer gets it.

Real processes: control plane, runtime, browser. The customer writes to the runtime; nobody else touches it.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e.authoring_site import Site, authoring_site
from tests.e2e.browser import desk_page
from tests.e2e.child import Child
from tests.e2e.whole_line import free_port, runtime_environment

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

PATIENCE_MS = 120_000
"""A look at the publish page plays every test of the template; the runtime asks for releases every few seconds."""

GREETING = "Buenas, soy el bot de Luna. ¿Qué te apetece?"
ANOTHER = "Hola, aquí Luna. ¿Qué te hacemos?"


@dataclass
class Customer:
    """Writes to the runtime and reads what it says."""

    url: str
    contact: str
    _ids: Any = field(default_factory=lambda: itertools.count(1))
    _seen: int = 0

    async def say(self, text: str) -> list[str]:
        body = {"contact_id": self.contact, "text": text, "id": str(next(self._ids))}
        async with httpx2.AsyncClient(trust_env=False, timeout=60) as http:
            taken = await http.post(f"{self.url}/inbound", json=body)
            assert taken.status_code == 202, taken.text
            query = {"contact_id": self.contact, "after": str(self._seen), "wait": "25"}
            rows = (await http.get(f"{self.url}/messages", params=query)).json()
        assert rows, "the bot said nothing"
        self._seen = rows[-1]["cursor"]
        return [row["text"] for row in rows]


@dataclass(frozen=True)
class Line:
    site: Site
    runtime: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def line(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Line]:
    folder: Path = tmp_path_factory.mktemp("first-day")
    port = free_port()
    async with authoring_site(folder, published=False) as site:
        environment = runtime_environment(folder, site.url, "http://127.0.0.1:9", port)
        async with Child(["-m", "runtime"], environment, folder / "runtime.log"):
            yield Line(site, f"http://127.0.0.1:{port}")


async def greet_with(page: Page, site: Site, words: str) -> None:
    """The first step of the conversation says something else, and the phone shows it at once."""
    await page.goto(site.page("conversation"))
    await page.locator(".editor[data-ready]").wait_for()
    await page.locator("#form textarea").first.fill(words)
    await expect(page.locator("#saved")).to_have_attribute("data-state", "saved")
    await page.locator("#phone-say input").fill("Hola")
    await page.keyboard.press("Enter")
    await expect(page.locator("#phone-chat li.from-bot").last).to_contain_text(words)


async def test_from_nothing_to_a_customer_who_is_answered(line: Line) -> None:
    async with desk_page() as page:
        page.set_default_timeout(PATIENCE_MS)
        await line.site.sign_in(page)
        await page.goto(line.site.page("start"))
        await page.locator("button[value=hairdresser]").click()
        await expect(page.locator(".start-step[data-done] h2")).to_contain_text("Elige una plantilla")

        await page.goto(line.site.page("hours"))
        await page.locator("[data-fact=phone]").fill("600 111 222")
        await page.locator("[data-fact=address]").fill("Calle Sol, 1")
        await expect(page.locator("#saved")).to_have_attribute("data-state", "saved")

        await greet_with(page, line.site, GREETING)
        await page.locator("#phone-save").click()
        await page.locator("dialog input").fill("Saluda")
        await page.keyboard.press("Enter")
        await expect(page.locator(".phone-note")).to_have_text("Guardado como prueba")
        await page.goto(line.site.page("start"))
        await expect(page.locator(".start-step[data-done]")).to_have_count(3)


async def test_what_no_longer_holds_is_put_right_and_one_button_brings_it_to_the_customer(line: Line) -> None:
    """The template's own tests know the old greeting: they say so, and are let go one by one."""
    async with desk_page() as page:
        page.set_default_timeout(PATIENCE_MS)
        await line.site.sign_in(page)
        await page.goto(line.site.page("publish"))
        await expect(page.get_by_role("button", name="Publicar", exact=True)).to_be_disabled()
        await page.goto(line.site.page("tests"))
        failing = page.locator(".trial[data-failed]")
        while await failing.count():
            await failing.first.get_by_role("button", name="Quitar esta prueba").click()
            await page.wait_for_load_state()
        await page.goto(line.site.page("publish"))
        await page.get_by_role("button", name="Publicar", exact=True).click()
        await expect(page.locator("#progress")).to_contain_text("ya la tiene", timeout=PATIENCE_MS)
    assert any(GREETING in words for words in await Customer(line.runtime, "ana").say("Hola"))


async def test_the_next_change_is_played_on_what_the_customer_really_wrote(line: Line) -> None:
    async with desk_page() as page:
        page.set_default_timeout(PATIENCE_MS)
        await line.site.sign_in(page)
        await greet_with(page, line.site, ANOTHER)
        await page.goto(line.site.page("publish"))
        await expect(page.locator("#rehearsal h2")).to_contain_text("iría de otra manera", timeout=PATIENCE_MS)
        await expect(page.locator("#rehearsal .bubbles").first).to_contain_text(GREETING)
        await expect(page.locator("#rehearsal .bubbles").first).to_contain_text(ANOTHER)
        await expect(page.locator("#replay-state")).to_have_text("míralas")
