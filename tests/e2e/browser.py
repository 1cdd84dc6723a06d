"""A Chromium that stays on loopback, for tests marked ``browser``."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize, async_playwright

# A phone of the middle of the field; what fits here fits most hands.
PHONE = ViewportSize(width=390, height=844)

# No sandbox, because containers run this as root; nothing that asks the outside world for anything.
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


TELL_OF_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""
"""For an init script: what a page's policy refuses becomes an error in its console."""

# A laptop at the counter, and a tablet beside it.
DESKTOP = ViewportSize(width=1440, height=900)
TABLET = ViewportSize(width=1024, height=768)

PICTURES = os.environ.get("FRONTDESK_PICTURES")
"""A folder that keeps every page as a picture, light and dark, desktop and tablet; else they are only made."""

SERIOUS = ("serious", "critical")
"""The impacts, in axe's words, that no page may have."""

EMPTY_PICTURE_BYTES = 10_000
"""A page of one colour packs into less."""


@asynccontextmanager
async def desk_page(
    *, language: str = "es", dark: bool = False, viewport: ViewportSize = DESKTOP, provoked: str | None = None
) -> AsyncIterator[Page]:
    """A page at a desk. Leaving the block fails if the page had an error, broke its policy or asked another machine.

    ``provoked`` is what the browser itself writes into its console about a failure that the test brings about.
    """
    scheme = "dark" if dark else "light"
    async with _page(provoked=provoked, viewport=viewport, locale=language, color_scheme=scheme) as page:
        yield page


@asynccontextmanager
async def phone_page(*, language: str = "es") -> AsyncIterator[Page]:
    """A fresh page in a fresh profile. Leaving the block fails if the page had an error or asked another machine."""
    async with _page(viewport=PHONE, locale=language, has_touch=True, device_scale_factor=2) as page:
        yield page


@asynccontextmanager
async def _page(provoked: str | None = None, **options: Any) -> AsyncIterator[Page]:
    executable = os.environ.get("FRONTDESK_CHROMIUM") or shutil.which("chromium")
    if executable is None:
        pytest.skip("there is no Chromium; `make test-e2e` installs it")
    troubles: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        page = await browser.new_page(**options)
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on(
            "console",
            lambda line: (
                troubles.append(f"console: {line.text} ({line.location['url']})") if line.type == "error" else None
            ),
        )
        page.on(
            "request",
            lambda request: None if "//127.0.0.1:" in request.url else troubles.append(f"foreign: {request.url}"),
        )
        yield page
        await browser.close()
    unexpected = [trouble for trouble in troubles if provoked is None or provoked not in trouble]
    assert not unexpected, "\n".join(unexpected)
