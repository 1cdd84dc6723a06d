"""*Copy & restore* in a real browser: a copy is taken, looked at and put back; who may not sees no way to do it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # the package has no types
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from flow_engine.vocabulary import JSONObject
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.queries import document_of
from platform_admin.releases.actions import publish, save_settings
from platform_admin.releases.models import TenantSettings
from platform_admin.tenants.models import Membership, Role, Tenant, User
from tests.e2e.watched_browser import watched_page
from tests.platform_admin.business import COMMAND, KNOWLEDGE, provisioned, sources

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

PICTURE: Final = Path(__file__).parents[2] / "docs" / "img" / "authoring" / "copy-light-desktop.png"
PAGE: Final = "/admin/authoring/luna/copy/"
NEWER: Final = "# Luna\n\nCerramos los lunes.\n"

type Scheme = Literal["light", "dark"]

WORDS: Final[dict[Scheme, dict[str, str]]] = {
    "light": {
        "download": "Download everything",
        "changes": "What changes in your drafts",
        "restore": "Restore this into the drafts",
        "done": "It is all there, as a draft.",
        "role": "This needs the role owner",
        "not for you": "Only who may publish can put a copy back",
    },
    "dark": {
        "download": "Descargar todo",
        "changes": "Qué cambia en tus borradores",
        "restore": "Restaurarlo en los borradores",
        "done": "Ya está todo, como borrador.",
        "role": "Para esto hace falta ser",
        "not for you": "Solo quien puede publicar restaura una copia",
    },
}


@pytest.fixture(autouse=True)
def _beside_an_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    # Playwright's synchronous API keeps an event loop in this thread, but nothing here runs in it.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def written() -> Tenant:
    luna = provisioned("luna", name="Peluquería Luna").tenant
    publish(tenant=luna, by=COMMAND, sources=sources(knowledge=KNOWLEDGE))
    return luna


def person(tenant: Tenant, role: Role) -> User:
    user = User.objects.create_user(f"{role}@example.com", "a long enough password", is_staff=True)
    Membership.objects.create(tenant=tenant, user=user, role=role)
    return user


def take_copy(page: Page, words: dict[str, str], folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=words["download"]).click()
    kept = folder / "luna.zip"
    assert download.value.suggested_filename == kept.name
    download.value.save_as(kept)
    return kept


def look(page: Page, name: str, scheme: Scheme) -> None:
    """It fits, a screen reader finds its way, and it is kept as a picture to judge."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    found = Axe().run(page).response["violations"]
    assert [f"{each['id']}: {each['nodes'][0]['html']}" for each in found] == [], name
    if elsewhere := os.environ.get("FRONTDESK_PICTURES"):
        page.screenshot(path=Path(elsewhere) / f"{name}-{scheme}.png", full_page=True)
    elif name == "copy" and scheme == "light":
        page.screenshot(path=PICTURE, full_page=True)


def stored(tenant: Tenant) -> str:
    document = document_of(tenant)
    assert document is not None
    return document.draft


@pytest.mark.parametrize("scheme", WORDS)
def test_a_copy_is_taken_looked_at_and_put_back(
    scheme: Scheme, written: Tenant, live_server: LiveServer, tmp_path: Path
) -> None:
    words, owner = WORDS[scheme], person(written, Role.OWNER)
    language = "en" if scheme == "light" else "es"
    size = {"viewport": {"width": 1440, "height": 900}, "locale": language, "color_scheme": scheme}
    with watched_page(live_server.url, signed_in=owner, **size) as watched:
        page = watched.page
        page.goto(f"{live_server.url}{PAGE}")
        copy = take_copy(page, words, tmp_path)
        knowledge.save_draft(tenant=written, markdown=NEWER, by=owner)
        page.locator("[name=archive]").set_input_files(copy)
        expect(page.locator("#preview h3")).to_have_text(words["changes"])
        expect(page.locator("#preview")).to_contain_text("owner@example.com")
        assert stored(written) == NEWER, "looking stores nothing"
        look(page, "copy", scheme)
        page.get_by_role("button", name=words["restore"]).click()
        expect(page.locator("[role=status]")).to_contain_text(words["done"])
        assert stored(written) == KNOWLEDGE
        assert watched.take_troubles() == []


@pytest.mark.parametrize("scheme", WORDS)
def test_a_publisher_does_not_put_other_settings_back(
    scheme: Scheme, written: Tenant, live_server: LiveServer, tmp_path: Path
) -> None:
    words, publisher = WORDS[scheme], person(written, Role.PUBLISHER)
    options = {"locale": "en" if scheme == "light" else "es", "color_scheme": scheme}
    with watched_page(live_server.url, signed_in=publisher, **options) as watched:
        page = watched.page
        page.goto(f"{live_server.url}{PAGE}")
        copy = take_copy(page, words, tmp_path)
        others: JSONObject = {"channels": [{"type": "http_dev"}], "sentences": {"busy": "Un momento"}}
        changed = save_settings(tenant=written, document=others, by=COMMAND)
        page.locator("[name=archive]").set_input_files(copy)
        page.get_by_role("button", name=words["restore"]).click()
        expect(page.locator(".note-error[role=status]")).to_contain_text(words["role"])
        now = TenantSettings.objects.for_tenant(written).get()
        assert (now.revision, now.sentences) == (changed.revision, {"busy": "Un momento"})
        assert watched.take_troubles() == []


@pytest.mark.parametrize("scheme", WORDS)
@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_who_does_not_publish_takes_a_copy_and_sees_no_way_to_put_one_back(
    role: Role, scheme: Scheme, written: Tenant, live_server: LiveServer, tmp_path: Path
) -> None:
    words, somebody = WORDS[scheme], person(written, role)
    options = {"locale": "en" if scheme == "light" else "es", "color_scheme": scheme}
    with watched_page(live_server.url, signed_in=somebody, **options) as watched:
        page = watched.page
        page.goto(f"{live_server.url}{PAGE}")
        expect(page.locator("main")).to_contain_text(words["not for you"])
        expect(page.locator("input[type=file]")).to_have_count(0)
        assert take_copy(page, words, tmp_path).stat().st_size > 0
        look(page, "copy-only", scheme)
        assert watched.take_troubles() == []
