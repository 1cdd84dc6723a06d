"""People come in, in a real browser: an owner invites, somebody accepts; an operator sets the second factor up."""

from __future__ import annotations

import base64
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # the package has no types
from django.utils import timezone
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from platform_admin.tenants.models import Membership, Role, User
from tests.e2e.browser import FLAGS
from tests.platform_admin.business import provisioned
from tests.platform_admin.people.mailroom import PASSWORD, deliver, path_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

PICTURES = Path(__file__).parents[2] / "docs" / "img"
KEPT = {"sign-in", "team", "second-step"}
"""In the project, for the documentation; the others go where FRONTDESK_PICTURES says, if it says anything."""

OWNER, NEW, OPERATOR = "luna@example.com", "ana@example.com", "operator@example.com"


@pytest.fixture(params=["light", "dark"])
def page(
    request: pytest.FixtureRequest, live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """Nobody is signed in; leaving it fails if a page had an error or asked another machine."""
    executable = os.environ.get("FRONTDESK_CHROMIUM") or shutil.which("chromium")
    if executable is None:
        pytest.skip("there is no Chromium; `make test-e2e` installs it")
    # Playwright's synchronous API keeps an event loop in this thread, but nothing here runs in it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.SKIP_SECOND_FACTOR = False
    settings.PUBLIC_URL = live_server.url
    scheme: Literal["light", "dark"] = request.param
    language = "en" if scheme == "light" else "es"
    troubles: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        context = browser.new_context(
            viewport={"width": 1024, "height": 768}, locale=language, color_scheme=scheme, base_url=live_server.url
        )
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


@pytest.fixture
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.node.callspec.params["page"])


def look(page: Page, name: str, scheme: str) -> None:
    """It fits, a screen reader finds its way, and it is kept as a picture to judge."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    found = Axe().run(page).response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html']}" for each in found] == [], name
    elsewhere = os.environ.get("FRONTDESK_PICTURES")
    if elsewhere:
        page.screenshot(path=Path(elsewhere) / f"people-{name}-{scheme}.png", full_page=True)
    elif name in KEPT and scheme == "light":
        page.screenshot(path=PICTURES / f"people-{name}.png", full_page=True)


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in/")
    page.locator("[name=username]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/sign-in/"))


def test_an_owner_invites_and_the_person_lands_in_the_business(page: Page, scheme: str) -> None:
    luna = provisioned("luna", name="Peluquería Luna").tenant
    owner = User.objects.create_user(OWNER, PASSWORD, name="Luna García")
    Membership.objects.create(tenant=luna, user=owner, role=Role.OWNER)
    for number, role in enumerate((Role.EDITOR, Role.VIEWER)):
        colleague = User.objects.create_user(f"colleague{number}@example.com", PASSWORD)
        Membership.objects.create(tenant=luna, user=colleague, role=role)
    page.goto("/sign-in/")
    look(page, "sign-in", scheme)
    sign_in(page, OWNER)
    page.goto("/team/luna/")
    page.locator("#id_email").fill(NEW)
    page.locator("#id_role").select_option("publisher")
    page.keyboard.press("Enter")
    expect(page.locator(".note-good")).to_contain_text(NEW)
    look(page, "team", scheme)
    page.goto("/team/luna/tokens/")
    look(page, "tokens", scheme)
    page.goto("/account/")
    look(page, "account", scheme)
    page.locator(".bar form[action='/sign-out/'] button").click()

    (letter,) = deliver()
    page.goto(path_of(letter))
    page.locator("#id_name").fill("Ana")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_again").fill(PASSWORD)
    look(page, "invitation", scheme)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/authoring/luna/")
    assert Membership.objects.get(user__email=NEW).role == Role.PUBLISHER

    page.context.clear_cookies()
    page.goto("/forgotten/")
    page.locator("#id_email").fill(NEW)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(NEW)
    look(page, "mail-sent", scheme)


def test_an_operator_sets_the_second_factor_up_before_anything_else(page: Page, scheme: str) -> None:
    User.objects.create_superuser(OPERATOR, PASSWORD)
    sign_in(page, OPERATOR)
    page.goto("/admin/tenants/tenant/")
    page.wait_for_url("**/account/second-step/set-up/")
    assert page.locator("img[src^='data:image/png']").evaluate("image => image.naturalWidth") > 100
    page.locator("summary.link").click()
    look(page, "second-step", scheme)
    totp = TOTP(base64.b32decode(page.locator(".people-key").inner_text().replace(" ", "")))
    totp.time = timezone.now().timestamp()
    page.locator("#id_code").fill(f"{totp.token():06}")
    page.keyboard.press("Enter")
    expect(page.locator(".people-codes li")).to_have_count(10)
    codes = page.locator(".people-codes li").all_inner_texts()
    assert [bool(re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", code)) for code in codes] == [True] * 10
    look(page, "recovery-codes", scheme)
    page.locator(".people-do a").click()
    page.wait_for_url("**/admin/")

    page.context.clear_cookies()
    sign_in(page, OPERATOR)
    look(page, "code", scheme)
    page.locator("#id_code").fill(codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")
