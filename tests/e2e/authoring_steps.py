"""What an author does on every page, and what is kept of it."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.e2e.authoring_site import Site
from tests.e2e.child import run


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
