"""How long an author waits, in her browser: until a keystroke is judged, a page is usable, the phone has answered.

A control plane process of its own, on SQLite; the conversation is the shipped hairdresser's, repeated until it has 200
steps. The pages mark the moments themselves (``performance.measure`` in ``static/authoring/js``).
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from playwright.async_api import Page

from bench.figure import Figure, figure
from tests.e2e.authoring_site import Site, authoring_site
from tests.e2e.browser import desk_page
from tests.e2e.child import run

STEPS: Final = 200
KEYSTROKES: Final = 120
KEY_PAUSE_MS: Final = 180
"""Between two keys: about sixty words a minute."""
TAPS: Final = 30
OPENINGS: Final = 7
PATIENCE_MS: Final = 20_000
P95: Final = 0.95

_FLOW: Final = Path(__file__).parents[1] / "flows" / "peluqueria_flow.yaml"

KEYSTROKE: Final = "<= 200 ms, 95 of 100 keystrokes in a step of a 200-step conversation, until it is judged"
OPEN: Final = "<= 1500 ms from the address to a page that can be used, 200 steps"
REPLY: Final = "<= 150 ms, 95 of 100 taps on the phone, until the bubble is there"


def main() -> Iterable[Figure]:
    return asyncio.run(_measured())


async def _measured() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        async with authoring_site(Path(folder)) as site, desk_page() as page:
            await _write(site, large_flow(STEPS))
            await site.sign_in(page)
            opened = [await _open(page, site) for _ in range(OPENINGS)]
            typed = await _type(page)
            tapped = await _tap(page)
    return [
        figure("authoring.keystroke_ms_p95", [_p95(typed)], unit="ms", against=KEYSTROKE),
        figure("authoring.open_ms", opened, unit="ms", against=OPEN),
        figure("authoring.reply_ms_p95", [_p95(tapped)], unit="ms", against=REPLY),
    ]


def large_flow(steps: int) -> str:
    """The shipped conversation with its steps repeated under numbered names; every copy is sound in itself."""
    head, _, rest = _FLOW.read_text().partition("\nstates:\n")
    body, _, tail = rest.partition("\ntasks:\n")
    names = re.findall(r"^  ([A-Z_]+):$", body, re.MULTILINE)
    longest_first = sorted(names, key=len, reverse=True)
    copies = [body]
    for number in range(1, -(-steps // len(names))):
        copy = body
        for name in longest_first:
            copy = re.sub(rf"\b{name}\b", f"{name}_{number}", copy)
        copies.append(copy)
    return f"{head}\nstates:\n" + "\n".join(copies) + (f"\ntasks:\n{tail}" if tail else "")


async def _write(site: Site, text: str) -> None:
    """Put the draft into the database, as a command would."""
    code = (
        "import sys, django; django.setup()\n"
        "from platform_admin.flows.actions import save_draft\n"
        "from platform_admin.flows.models import Flow\n"
        "from platform_admin.tenants.actor import CommandActor\n"
        "flow = Flow.objects.across_tenants('a benchmark').get()\n"
        "save_draft(flow=flow, text=sys.stdin.read(), by=CommandActor('bench'))"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "platform_admin.config.settings.base"}
    await run(["-c", code], {**site.environment, **settings}, stdin=text)


async def _open(page: Page, site: Site) -> float:
    await page.goto(site.page("conversation"))
    await page.locator(".editor[data-ready]").wait_for()
    return float(await page.evaluate("performance.now()"))


async def _type(page: Page) -> list[float]:
    field = page.locator("#form textarea").first
    await field.wait_for()
    await field.press("Control+End")
    await page.evaluate("performance.clearMeasures()")
    for number in range(KEYSTROKES):
        await field.press("abcdefghij "[number % 11])
        await page.wait_for_timeout(KEY_PAUSE_MS)
    await page.locator("#saved[data-state=saved]").wait_for(timeout=PATIENCE_MS)
    return await _measures(page, "frontdesk-checked")


async def _tap(page: Page) -> list[float]:
    await page.locator("#phone-say input").fill("Hola")
    await page.keyboard.press("Enter")
    button = page.locator("#phone-chat").get_by_role("button", name="Mis citas")
    await button.last.wait_for()
    await page.evaluate("performance.clearMeasures()")
    for _ in range(TAPS):
        bubbles = await page.locator("#phone-chat > li").count()
        await button.last.click()
        await page.wait_for_function("n => document.querySelectorAll('#phone-chat > li').length > n", arg=bubbles)
    return await _measures(page, "frontdesk-reply")


async def _measures(page: Page, name: str) -> list[float]:
    script = "name => performance.getEntriesByName(name).map((entry) => entry.duration)"
    found = [float(duration) for duration in await page.evaluate(script, name)]
    if not found:
        raise AssertionError(f"the page measured nothing called {name}")
    return found


def _p95(durations: list[float]) -> float:
    return sorted(durations)[int(len(durations) * P95) - 1]
