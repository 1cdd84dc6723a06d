"""Hostile texts on every page that shows what somebody wrote, in a real browser: they stay texts.

Each page is loaded twice: with harmless texts, and with hostile ones as long in the same places. The second time there
is no dialog, no error, no policy report, no request elsewhere, and no element of the kinds that do something, no
handler and no address that was not there the first time.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Dialog, Page, Request, Route

from tests.e2e.authoring_site import Site, authoring_site
from tests.e2e.browser import TELL_OF_VIOLATIONS, desk_page
from tests.e2e.child import run

pytestmark = pytest.mark.browser

PAYLOADS_ON_A_PAGE = 60

ACTIVE = re.compile(
    r"<(script|img|svg|iframe|object|embed|math|video|audio|base|meta|link|marquee|form)\b[^<]*>|<[a-z][^<>]*\bon\w+=",
    re.IGNORECASE,
)
"""A program, a frame, a picture, or a handler in any element; the rest of the corpus closes or encodes these."""

STRANGERS = """
(page) => {
  const found = [];
  for (const element of page.querySelectorAll("*")) {
    const name = element.localName;
    const source = element.getAttribute("src");
    if (!OURS.includes(name)) found.push(name);
    const to = element.getAttribute("action") ?? "";
    if (name === "form" && !/^([/](?![/])|$)/.test(to)) found.push(`form to ${to}`);
    if (name === "meta" && element.httpEquiv) found.push(`meta ${element.httpEquiv}`);
    if (name === "script" && source === null && element.type !== "application/json") found.push("script of its own");
    if (source !== null && !/^(data:image|[/](?![/]))/.test(source)) found.push(`${name} from ${source}`);
    for (const attribute of element.attributes) {
      if (/^on|^srcdoc$/i.test(attribute.name)) found.push(`${name} ${attribute.name}`);
      const leads = /href|src|action|data$/i.test(attribute.name);
      if (leads && /^[^a-z]*(javascript|vbscript|data:text)/i.test(attribute.value))
        found.push(`${name} ${attribute.name} ${attribute.value}`);
    }
  }
  return found;
}
"""
"""What no page of ours has: elements of other names, files from elsewhere, handlers, addresses that are programs."""

OURS = (
    "html head title meta link script body template header nav main aside footer section article form fieldset legend "
    "label input select option optgroup datalist textarea button a p span strong em b i small code pre kbd mark time "
    "br hr wbr div ul ol li dl dt dd table caption thead tbody tfoot tr th td h1 h2 h3 h4 h5 h6 details summary dialog "
    "output progress meter figure figcaption blockquote del s img svg g path rect circle line polyline polygon text "
    "tspan defs marker use symbol abbr q sub sup ins noscript style"
)

EDITOR = "\N{GREEK SMALL DOTTED LUNATE SIGMA SYMBOL}"
"""What the classes of the text editor's own style sheet begin with, which comes when the editor does."""

COUNTED = ("script", "style", "link", "meta", "img", "svg", "dialog", "noscript", "template")
"""Of these a page has as many as with harmless texts. Forms go by the gaps found."""

COUNT = """
([names, editor]) => Object.fromEntries(names.map((name) => [
  name, [...document.getElementsByTagName(name)].filter((one) => !one.textContent.includes(editor)).length
]))
"""

WORDS = """
document.body.textContent + [...document.querySelectorAll("input, textarea")].map((one) => one.value).join(" ")
"""

PAGES = {
    "customers": ("authoring/luna/customers/", 50),
    "one customer": ("authoring/luna/customers/conv-hostile/", 50),
    "frequent questions": ("authoring/luna/faq/", 50),
    "conversation": ("authoring/luna/conversation/", 50),
    "publish": ("authoring/luna/publish/", 50),
    "tests": ("authoring/luna/tests/", 1),
    "summary": ("sight/luna/", 1),
    "conversations": ("sight/luna/conversations/", 50),
    "one conversation": ("sight/luna/conversations/conv-hostile/", 50),
    "people wanted": ("sight/luna/people-wanted/", 50),
    "unanswered": ("sight/luna/unanswered/", 50),
    "waiting and dead letters": ("sight/luna/waiting/", 50),
    "health": ("sight/luna/health/", 50),
    "list of templates": ("message_templates/messagetemplate/", 50),
}
"""Page: its address below ``/admin/``, and how many of the texts at least stand on it."""

VIEWS = ("map", "texts", "yaml", "steps")
"""Of the conversation."""


@dataclass
class Reader:
    """Looks at pages and notes whatever a text brought about. ``counts``: page to what ``COUNT`` counts."""

    page: Page
    texts: Sequence[str]
    troubles: list[str] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    async def look(self, name: str, least: int) -> None:
        strangers = await self.page.evaluate(STRANGERS_IN_THE_PAGE)
        self.troubles += [f"{name}: {stranger}" for stranger in strangers]
        self.counts[name] = await self.page.evaluate(COUNT, [COUNTED, EDITOR])
        words = squeezed(await self.page.evaluate(WORDS))
        shown = sum(squeezed(text)[:18] in words for text in self.texts)
        if shown < least:
            self.troubles.append(f"{name}: only {shown} of the texts are on it")

    async def dismiss(self, dialog: Dialog) -> None:
        self.troubles.append(f"{self.page.url}: dialog {dialog.message}")
        await dialog.dismiss()

    def note_report(self, request: Request) -> None:
        if "/csp-report" in request.url:
            self.troubles.append(f"{self.page.url}: report {request.post_data}")


_KNOWN = f"const OURS = {json.dumps(OURS.split())};"
STRANGERS_IN_THE_PAGE = f"(() => {{ {_KNOWN} return ({STRANGERS})(document); }})()"
STRANGERS_IN_A_TEXT = f"""(text) => {{
  {_KNOWN}
  const page = new DOMParser().parseFromString(text, "text/html");
  return [...({STRANGERS})(page), ...page.querySelectorAll({json.dumps(",".join(COUNTED))})].length;
}}"""
"""How many of them there would be if the text were markup."""


def payloads(shared_data: Path) -> list[str]:
    """Every line of the corpus with markup that does something in a browser of today, once."""
    lines: dict[str, None] = {}
    for file in sorted((shared_data / "security" / "xss").glob("*.txt")):
        for line in file.read_text("utf-8", "replace").splitlines():
            text = line.replace("\x00", "").strip()
            if 8 <= len(text) <= 400 and ACTIVE.search(text):
                lines[text] = None
    return sorted(lines, key=lambda text: ("on" not in text.lower(), len(text)))


def chosen(texts: list[str]) -> list[str]:
    """Spread over the corpus."""
    return texts[:: len(texts) // PAYLOADS_ON_A_PAGE][:PAYLOADS_ON_A_PAGE]


def harmless(text: str) -> str:
    """As long, in as many words."""
    return "".join(letter if letter.isalnum() or letter.isspace() else "x" for letter in text)


def squeezed(text: str) -> str:
    return "".join(text.split())


async def test_hostile_texts_stay_texts(tmp_path: Path, shared_data: Path) -> None:
    hostile = chosen(payloads(shared_data))
    assert len(hostile) >= 50
    async with authoring_site(tmp_path) as site:
        first = await read_every_page(site, [harmless(text) for text in hostile])
        second = await read_every_page(site, hostile)
    assert first.troubles == []
    assert second.troubles == []
    assert second.counts == first.counts


async def test_what_the_reader_looks_for_is_what_the_payloads_bring(shared_data: Path) -> None:
    """Each as markup in a document without a window, where nothing of it runs, before more of a page."""
    hostile = chosen(payloads(shared_data))
    async with desk_page() as page:
        seen = [text for text in hostile if await page.evaluate(STRANGERS_IN_A_TEXT, f"<p>{text}</p> more>")]
        assert await page.evaluate(STRANGERS_IN_A_TEXT, "<p>Good <b>morning</b></p>") == 0
    assert len(seen) >= 50, [text for text in hostile if text not in seen]


async def read_every_page(site: Site, texts: list[str]) -> Reader:
    file = site.folder / "texts.json"
    file.write_text(json.dumps(texts), encoding="utf-8")
    environment = {**site.environment, "DJANGO_SETTINGS_MODULE": "platform_admin.config.settings.base"}
    await run(["-m", "tests.e2e.hostile_seed", str(file)], environment)
    async with reader(texts) as found:
        page = found.page
        await site.sign_in(page)
        for name, (address, least) in PAGES.items():
            answer = await page.goto(f"{site.url}/admin/{address}")
            assert answer is not None
            assert answer.status == 200, name
            await page.wait_for_load_state("networkidle")
            await found.look(name, least)
        await read_the_conversation(site, found)
    return found


async def read_the_conversation(site: Site, found: Reader) -> None:
    page = found.page
    await page.goto(site.page("conversation"))
    await page.locator(".editor[data-ready]").wait_for()
    for view in VIEWS:
        await page.locator(f"[role=tab][data-view={view}]").click()
        await page.wait_for_load_state("networkidle")
        await found.look(f"conversation, {view}", 1)
    # The phone answers with the hostile draft.
    await page.locator("#phone-say [name=text]").fill(found.texts[0])
    await page.keyboard.press("Enter")
    await page.locator("#phone-chat .from-bot button").first.wait_for()
    await found.look("the phone", 50)


@asynccontextmanager
async def reader(texts: list[str]) -> AsyncIterator[Reader]:
    async with desk_page(language="en") as page:
        found = Reader(page, texts)
        page.on("dialog", found.dismiss)
        page.on("request", found.note_report)
        await page.add_init_script(TELL_OF_VIOLATIONS)
        await page.route(lambda url: "//127.0.0.1:" not in url, refuse)
        yield found


async def refuse(route: Route) -> None:
    """Nothing leaves this machine, even if a payload runs; the page's own watch then tells of it."""
    await route.abort()
