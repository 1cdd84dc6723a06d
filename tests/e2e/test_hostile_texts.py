"""Hostile texts on every page that shows what somebody wrote, in a real browser: they stay texts.

For each page: at least 50 payloads on it, no dialog, no error, no policy report, no element, attribute or address that the
page has not got of its own, nothing asked of another machine.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.authoring_site import Site, authoring_site
from tests.e2e.browser import desk_page
from tests.e2e.child import run

pytestmark = pytest.mark.browser

PAYLOADS_ON_A_PAGE = 60

FOREIGN = """
() => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    if (["iframe", "object", "embed", "base", "math", "marquee", "audio", "video", "isindex", "frameset", "bgsound",
         "applet", "portal", "image", "animate", "set", "foreignobject"].includes(name)) found.push(name);
    if (name === "script" && !element.src && element.type !== "application/json") found.push("script");
    if (name === "script" && element.src && new URL(element.src).origin !== location.origin) found.push(element.src);
    if (name === "img" && !["data:", location.protocol].includes(new URL(element.src, location).protocol)) found.push("img");
    for (const attribute of element.attributes) {
      if (/^on/i.test(attribute.name)) found.push(`${name} ${attribute.name}`);
      if (/^(href|src|action|formaction|data|xlink:href)$/i.test(attribute.name)
          && /^\\s*(javascript|vbscript|data:text)/i.test(attribute.value)) found.push(`${name} ${attribute.value}`);
      if (attribute.name === "srcdoc" || attribute.name === "style" && /url|expression/i.test(attribute.value)) {
        found.push(`${name} ${attribute.name}`);
      }
    }
  }
  return found;
}
"""
"""What no page of ours has of its own."""

WORDS = """
document.body.innerText + document.body.textContent
  + [...document.querySelectorAll("input, textarea")].map((one) => one.value).join(" ")
"""

PAGES = {
    "customers": ("authoring/luna/customers/", 25),
    "one customer": ("authoring/luna/customers/conv-hostile/", 50),
    "faq": ("authoring/luna/faq/", 50),
    "conversation": ("authoring/luna/conversation/", 50),
    "publish": ("authoring/luna/publish/", 50),
    "tests": ("authoring/luna/tests/", 1),
    "releases": ("authoring/luna/releases/", 1),
    "summary": ("sight/luna/", 1),
    "conversations": ("sight/luna/conversations/", 25),
    "one conversation": ("sight/luna/conversations/conv-hostile/", 50),
    "people wanted": ("sight/luna/people-wanted/", 50),
    "unanswered": ("sight/luna/unanswered/", 50),
    "waiting and dead letters": ("sight/luna/waiting/", 50),
    "health": ("sight/luna/health/", 50),
}
"""Page → its address below ``/admin/``, and how many payloads at least stand on it as text."""


def payloads(shared_data: Path) -> list[str]:
    """Every line of the corpus, once, the most telling ones first: those with a handler, a script or an address."""
    lines: dict[str, None] = {}
    for file in sorted((shared_data / "security" / "xss").glob("*.txt")):
        for line in file.read_text("utf-8", "replace").splitlines():
            text = line.replace("\x00", "").strip()
            if 8 <= len(text) <= 400:
                lines[text] = None
    return sorted(lines, key=lambda text: ("<" not in text, "on" not in text.lower(), len(text)))


def chosen(texts: list[str]) -> list[str]:
    """Spread over the corpus."""
    with_markup = [text for text in texts if "<" in text]
    step = len(with_markup) // PAYLOADS_ON_A_PAGE
    return with_markup[::step][:PAYLOADS_ON_A_PAGE]


def squeezed(text: str) -> str:
    return "".join(text.split())


async def look(page: Any, told: list[str], name: str, texts: list[str], least: int) -> None:
    assert await page.evaluate(FOREIGN) == [], name
    words = squeezed(await page.evaluate(WORDS))
    on_the_page = sum(squeezed(text)[:18] in words for text in texts)
    assert on_the_page >= least, f"{name}: only {on_the_page} payloads are on the page"
    assert told == [], name


async def test_hostile_texts_stay_texts(tmp_path: Path, shared_data: Path) -> None:
    texts = chosen(payloads(shared_data))
    assert len(texts) >= 50
    file = tmp_path / "payloads.json"
    file.write_text(json.dumps(texts), encoding="utf-8")
    async with authoring_site(tmp_path) as site:
        environment = {**site.environment, "DJANGO_SETTINGS_MODULE": "platform_admin.config.settings.base"}
        await run(["-m", "tests.e2e.hostile_seed", str(file)], environment)
        await every_page(site, texts)


async def every_page(site: Site, texts: list[str]) -> None:
    told: list[str] = []
    async with desk_page(language="en") as page:
        page.on("dialog", lambda dialog: told.append(f"dialog {dialog.message}"))
        page.on("request", lambda asked: told.append(f"report {asked.post_data}") if "/csp-report" in asked.url else None)
        await site.sign_in(page)
        for name, (address, least) in PAGES.items():
            answer = await page.goto(f"{site.url}/admin/{address}")
            assert answer is not None
            assert answer.status == 200, name
            await page.wait_for_load_state("networkidle")
            await look(page, told, name, texts, least)
        await page.goto(site.page("conversation"))
        for view in ("map", "texts", "yaml", "steps"):
            await page.locator(f"[role=tab][data-view={view}]").click()
            await page.wait_for_load_state("networkidle")
            await look(page, told, f"conversation, {view}", texts, 1)
        # The phone answers with the hostile draft.
        await page.locator("#phone-say [name=text]").fill(texts[0])
        await page.keyboard.press("Enter")
        await page.wait_for_function("document.querySelectorAll('#phone-chat li').length > 1")
        await look(page, told, "the phone", texts, 50)
