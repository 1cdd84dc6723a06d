"""A newcomer on the chat page: opens it, books an appointment, finds it again. A real runtime, a real browser."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import PHONE, phone_page
from tests.e2e.child import Child, clean_environment

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
TENANT = """\
tenant_id: luna
flow_path: {flow}
channel: {{type: http_dev}}
connectors:
  calendar: {{type: mock_calendar}}
  llm: {{type: mock_llm}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def flow() -> Path:
    return ROOT / "flows" / "peluqueria_flow.yaml"


@pytest.fixture
async def chat_url(tmp_path: Path, flow: Path) -> AsyncIterator[str]:
    """The chat page of a runtime started for this test."""
    config = tmp_path / "tenant.yaml"
    config.write_text(TENANT.format(flow=flow))
    port = free_port()
    environment = clean_environment(
        TENANT_CONFIG_PATH=str(config), STATE_DIR=str(tmp_path / "state"), PORT=str(port), HOST="127.0.0.1"
    )
    async with Child(["-m", "runtime"], environment, tmp_path / "runtime.log") as runtime:
        await runtime.until_answers(f"http://127.0.0.1:{port}/health", status="ok")
        yield f"http://127.0.0.1:{port}/chat"


CARDS = """\
id: cards
initial_state: SHOW
states:
  SHOW:
    on_enter:
      - {action: send_media, media_type: document, url: "https://example.com/prices.pdf", filename: prices.pdf}
      - {action: send_location, latitude: 40.4168, longitude: -3.7038, name: Sol, address: "Puerta del Sol 1"}
      - {action: send_reaction, emoji: "👍"}
      - {action: send_template, name: reminder, language: es, parameters: ["Ana"]}
      - {action: request_location, body: "Where are you?"}
      - {action: send_link_button, body: "You can pay here.", title: Pay, url: "https://example.com/pay"}
    fallback: SHOW
"""


async def say(page: Page, words: str) -> None:
    await page.locator("#draft").fill(words)
    await page.keyboard.press("Enter")


async def tap(page: Page, title: str) -> None:
    """The newest button of that title in the conversation."""
    await page.locator("#log").get_by_role("button", name=title).last.tap()


async def choose_first(page: Page, opener: str) -> str:
    """Open the newest list and take its first row; returns the row's title."""
    await tap(page, opener)
    row = page.locator("#sheet-rows button").first
    title = (await row.locator(".row-title").inner_text()).strip()
    await row.tap()
    await expect(page.locator("#sheet")).to_be_hidden()
    return title


async def newest_answer(page: Page, words: re.Pattern[str]) -> None:
    await expect(page.locator("#log li.from-bot").last).to_contain_text(words)


async def test_a_newcomer_books_an_appointment_and_finds_it_again(chat_url: str) -> None:
    async with phone_page() as page:
        await page.goto(chat_url)
        await say(page, "Hola")
        await newest_answer(page, re.compile("¿En qué te ayudo?"))
        await tap(page, "Reservar cita")
        service = await choose_first(page, "Ver servicios")
        await choose_first(page, "Ver días")
        time = await choose_first(page, "Ver horas")
        await newest_answer(page, re.compile(rf"{service}[\s\S]*A las {time}[\s\S]*¿Está todo bien\?"))
        await tap(page, "Sí, reservar")
        await newest_answer(page, re.compile("¡Hecho! ✅ Te esperamos el .*"))
        await tap(page, "Mis citas")
        await newest_answer(page, re.compile("Estas son tus próximas citas"))
        await tap(page, "Ver mis citas")
        await expect(page.locator("#sheet-rows button")).to_have_count(1)
        await expect(page.locator("#sheet-rows button")).to_contain_text(time)
        shot = os.environ.get("FRONTDESK_SCREENSHOT")
        if shot:
            await page.screenshot(path=shot)


async def test_the_page_fits_a_phone_and_keeps_its_conversation_over_a_reload(chat_url: str) -> None:
    async with phone_page() as page:
        await page.goto(chat_url)
        await say(page, "Hola")
        await newest_answer(page, re.compile("¿En qué te ayudo?"))
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        before = await page.locator("#log li").all_inner_texts()
        await page.reload()
        await newest_answer(page, re.compile("¿En qué te ayudo?"))
        assert await page.locator("#log li").all_inner_texts() == before


async def test_what_one_may_say_is_suggested_in_the_bots_language_and_understood(chat_url: str) -> None:
    async with phone_page(language="en-GB") as page:
        await page.goto(chat_url)
        chips = page.locator("#hint-chips button")
        assert await chips.all_inner_texts() == ["Hola", "Reservar", "¿Qué horario tenéis?"]
        await chips.nth(1).tap()
        await newest_answer(page, re.compile("¿Qué te hacemos?"))


async def test_markup_in_a_message_is_shown_and_not_run(chat_url: str) -> None:
    words = "<img src=x onerror=\"document.title='taken over'\"><b>hola</b>"
    async with phone_page() as page:
        await page.goto(chat_url)
        await say(page, words)
        await expect(page.locator("#log li.from-customer .words").last).to_have_text(words)
        await expect(page.locator("#log li.from-bot")).not_to_have_count(0)
        assert await page.locator("#log img").count() == 0
        assert await page.title() != "taken over"


class TestCards:
    @pytest.fixture
    def flow(self, tmp_path: Path) -> Path:
        file = tmp_path / "cards.yaml"
        file.write_text(CARDS, encoding="utf-8")
        return file

    async def test_whatever_a_bot_can_send_is_shown(self, chat_url: str) -> None:
        async with phone_page() as page:
            await page.goto(chat_url)
            await say(page, "Hola")
            await newest_answer(page, re.compile("You can pay here."))
            bubbles = page.locator("#log li.from-bot")
            await expect(bubbles).to_have_count(6)
            await expect(bubbles.nth(0).locator("a.card")).to_have_attribute("href", "https://example.com/prices.pdf")
            await expect(bubbles.nth(0)).to_contain_text("prices.pdf")
            await expect(bubbles.nth(1).locator(".card")).to_contain_text("Puerta del Sol 1")
            await expect(bubbles.nth(1).locator("a")).to_have_attribute("href", re.compile("40.4168%2C-3.7038$"))
            await expect(bubbles.nth(2)).to_contain_text("👍")
            await expect(bubbles.nth(3).locator(".card")).to_contain_text(re.compile(r"reminder \(es\)[\s\S]*Ana"))
            await expect(bubbles.nth(4)).to_contain_text("Where are you?")
            await expect(bubbles.nth(5).get_by_role("link", name="Pay")).to_have_attribute(
                "href", "https://example.com/pay"
            )
