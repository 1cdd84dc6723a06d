"""The operator's pages in a real browser: they load without an error, and are kept as pictures to judge."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from django.test import Client
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from platform_admin.tenants.models import Tenant, User
from tests.e2e.browser import FLAGS
from tests.platform_admin.business import provisioned
from tests.platform_admin.sight.seeded import seed

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

PICTURES = Path(__file__).parents[2] / "docs" / "img"

PAGES = {
    "overview": "/admin/",
    "summary": "/admin/sight/luna/",
    "conversations": "/admin/sight/luna/conversations/",
    "conversation": "/admin/sight/luna/conversations/conv/",
    "people-wanted": "/admin/sight/luna/people-wanted/",
    "unanswered": "/admin/sight/luna/unanswered/",
    "waiting": "/admin/sight/luna/waiting/",
    "health": "/admin/sight/luna/health/",
    "releases": "/admin/sight/luna/releases/",
    "release": "/admin/sight/luna/releases/2/",
    "said": "/admin/sight/luna/said/",
    "privacy": "/admin/sight/luna/privacy/",
    "trail": "/admin/sight/luna/trail/",
    "whole-trail": "/admin/audit/",
}

KEPT = {"overview", "summary", "conversation"}
"""In the project, for the documentation; the others go where FRONTDESK_PICTURES says, if it says anything."""


@pytest.fixture
def seeded(transactional_db: None) -> Tenant:
    luna = provisioned("luna", name="Peluquería Luna").tenant
    provisioned("sol", name="Taller Sol")
    seed(luna)
    return luna


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, live_server: LiveServer, seeded: Tenant) -> Iterator[Page]:
    """Signed in as an operator; leaving it fails if a page had an error or asked another machine."""
    executable = os.environ.get("FRONTDESK_CHROMIUM") or shutil.which("chromium")
    if executable is None:
        pytest.skip("there is no Chromium; `make test-e2e` installs it")
    scheme: Literal["light", "dark"] = request.param
    client = Client()
    client.force_login(User.objects.create_superuser("operator@example.com", "a long enough password"))
    session = client.cookies["sessionid"].value
    troubles: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en", color_scheme=scheme)
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


def test_every_page_loads_and_fits(page: Page, live_server: LiveServer, request: pytest.FixtureRequest) -> None:
    scheme = request.node.callspec.params["page"]
    for name, path in PAGES.items():
        answer = page.goto(live_server.url + path)
        assert answer is not None
        assert answer.status == 200, name
        page.wait_for_load_state("networkidle")
        # The page itself never scrolls sideways; a wide table scrolls in its card.
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        keep(page, name, scheme)


def keep(page: Page, name: str, scheme: str) -> None:
    elsewhere = os.environ.get("FRONTDESK_PICTURES")
    if elsewhere:
        page.screenshot(path=Path(elsewhere) / f"{name}-{scheme}.png", full_page=True)
    elif name in KEPT and scheme == "light":
        page.screenshot(path=PICTURES / f"operator-{name}.png", full_page=True)
