"""*Connections* in a real browser: a WhatsApp number is entered, and its checks tell one by one how they went."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, Route, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from platform_admin.connect.actions import connect
from platform_admin.tenants.models import Membership, Role, User
from platform_admin.whatsapp.checks import CHECKS
from tests.e2e.browser import FLAGS, TELL_OF_VIOLATIONS
from tests.platform_admin.business import COMMAND, provisioned
from tests.platform_admin.whatsapp.conftest import NUMBER, TOKEN, WABA, Meta, meta

__all__ = ["meta"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

PICTURE = Path(__file__).parents[2] / "docs" / "img" / "connect-whatsapp.png"
PATIENCE_MS = 60_000
"""Of a check's line: each one is a request to this server and some to Meta's side."""
HELD = "callback"
"""The check whose request the browser holds back, so that the page can be looked at while it runs."""


@pytest.fixture(params=["light", "dark"])
def page(
    request: pytest.FixtureRequest, live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """An owner's; leaving it fails if a page had an error, broke its policy or asked another machine."""
    executable = os.environ.get("FRONTDESK_CHROMIUM") or shutil.which("chromium")
    if executable is None:
        pytest.skip("there is no Chromium; `make test-e2e` installs it")
    # Playwright's synchronous API keeps an event loop in this thread, but nothing here runs in it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.RUNTIME_PUBLIC_URL = "https://bots.example.org/t/{tenant}"
    luna = provisioned("luna", name="Peluquería Luna").tenant
    connect(tenant=luna, category="calendar", block={"type": "mock_calendar"}, secrets={}, by=COMMAND)
    connect(tenant=luna, category="llm", block={"type": "mock_llm"}, secrets={}, by=COMMAND)
    owner = User.objects.create_user("luna@example.com", "a long enough password")
    Membership.objects.create(tenant=luna, user=owner, role=Role.OWNER)
    client = Client()
    client.force_login(owner)
    scheme: Literal["light", "dark"] = request.param
    troubles: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        language = "en" if scheme == "light" else "es"
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, locale=language, color_scheme=scheme, base_url=live_server.url
        )
        context.add_init_script(TELL_OF_VIOLATIONS)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        opened = context.new_page()
        opened.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        opened.on("console", lambda line: troubles.append(f"console: {line.text}") if line.type == "error" else None)
        opened.on(
            "request",
            lambda asked: None if asked.url.startswith((live_server.url, "data:")) else troubles.append(asked.url),
        )
        yield opened
        browser.close()
    assert troubles == []


def test_a_number_is_connected_and_its_checks_tell_one_after_the_other(
    meta: Meta, page: Page, request: pytest.FixtureRequest
) -> None:
    scheme = request.node.callspec.params["page"]
    asked: list[str] = []
    held: list[Route] = []

    def hold(route: Route) -> None:
        asked.append((route.request.post_data or "").rpartition("code=")[2])
        if asked[-1] == HELD:
            held.append(route)
        else:
            route.continue_()

    expect.set_options(timeout=PATIENCE_MS)
    page.route("**/check/", hold)
    page.goto("/admin/connect/luna/")
    keep(page, "connections", scheme)
    page.locator("a[href$='/luna/whatsapp/']").click()
    for name, value in (("phone_number_id", NUMBER), ("waba_id", WABA), ("access_token", TOKEN)):
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=app_secret]").fill("abc123")
    page.locator("form.connect-form button").click()
    expect(line(page, HELD)).to_have_attribute("data-state", "running")
    expect(line(page, "subscription")).to_have_attribute("data-state", "mended")
    expect(line(page, "templates")).to_have_attribute("data-state", "waiting")
    keep(page, "connect-whatsapp-running", scheme)
    held[0].continue_()
    expect(line(page, "templates")).to_have_attribute("data-state", "mended")
    assert asked == [check.code for check in CHECKS]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if scheme == "light" and not os.environ.get("FRONTDESK_PICTURES"):
        page.screenshot(path=PICTURE, full_page=True)
    keep(page, "connect-whatsapp", scheme)
    page.reload()
    expect(line(page, HELD)).to_have_attribute("data-state", "mended")
    meta.account.token = {"is_valid": False}
    page.locator("#check button").click()
    expect(line(page, "token")).to_have_attribute("data-state", "fault")
    expect(line(page, "scopes")).to_have_attribute("data-state", "waiting")
    expect(page.locator("#check button")).to_be_enabled()
    keep(page, "connect-whatsapp-fault", scheme)
    assert asked[len(CHECKS) :] == ["token"]


def line(page: Page, code: str) -> Locator:
    return page.locator(f"[data-code={code}]")


def keep(page: Page, name: str, scheme: str) -> None:
    if elsewhere := os.environ.get("FRONTDESK_PICTURES"):
        page.screenshot(path=Path(elsewhere) / f"{name}-{scheme}.png", full_page=True)
