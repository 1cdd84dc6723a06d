"""A Chromium of the synchronous kind that notes everything a page does which no page of ours may do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from platform_admin.config.csp import REPORT_PATH
from platform_admin.tenants.models import User
from tests.e2e.browser import FLAGS, TELL_OF_VIOLATIONS


@dataclass
class Watched:
    """``troubles`` are errors, console errors, broken policies, policy reports, dialogs, and requests to elsewhere."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    def take_troubles(self) -> list[str]:
        taken, self.troubles = self.troubles, []
        return taken


@contextmanager
def watched_page(address: str, *, signed_in: User | None = None, **options: Any) -> Iterator[Watched]:
    """A page in a fresh profile on the site at ``address``. The caller asks for the troubles."""
    executable = os.environ.get("FRONTDESK_CHROMIUM") or shutil.which("chromium")
    if executable is None:
        pytest.skip("there is no Chromium; `make test-e2e` installs it")
    session = None
    if signed_in is not None:
        client = Client()
        client.force_login(signed_in)
        session = client.cookies["sessionid"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en", **options})
        if session is not None:
            context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        context.add_init_script(TELL_OF_VIOLATIONS)
        watched = Watched(context.new_page())
        _listen(watched, address)
        yield watched
        browser.close()


def _listen(watched: Watched, address: str) -> None:
    def note(trouble: str) -> None:
        watched.troubles.append(trouble)

    def dialog(opened: Any) -> None:
        note(f"dialog: {opened.message}")
        opened.dismiss()

    def request(asked: Any) -> None:
        if not asked.url.startswith((address, "data:", "blob:", "about:")):
            note(f"elsewhere: {asked.url}")
        elif REPORT_PATH in asked.url:
            note(f"report: {asked.post_data}")

    watched.page.on("pageerror", lambda error: note(f"error: {error}"))
    watched.page.on(
        "console", lambda line: note(f"console: {line.text}") if line.type in {"error", "warning"} else None
    )
    watched.page.on("dialog", dialog)
    watched.page.on("request", request)
