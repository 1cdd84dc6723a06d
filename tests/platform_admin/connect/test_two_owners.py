"""Two owners have the same form over a part of the settings open: the second is told, and nothing is written over."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from flow_engine.vocabulary import JSON
from platform_admin.connect.actions import connect
from platform_admin.credentials.models import Credential
from platform_admin.privacy.keeping import save_retention
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.shown_part import ShownPart
from platform_admin.tenants.audit_erasing import forget_personal_parts
from platform_admin.tenants.models import Membership, Role, Tenant, User
from platform_admin.whatsapp.connecting import connect_number
from tests.platform_admin.business import COMMAND
from tests.platform_admin.whatsapp.conftest import NUMBER, TOKEN, Meta

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

SECRET = "whsec_dHdvLW93bmVycy1hdC1vbmUtZm9ybS10ZXN0cy0hISE="


@dataclass(frozen=True, slots=True)
class Page:
    """``forms`` are what the first and the second owner send, ``values`` how it looks where it is stored."""

    address: str
    path: str
    forms: tuple[dict[str, str], dict[str, str]]
    values: tuple[str, str]


PAGES = {
    "a connection": Page(
        "/admin/connect/luna/notification/webhook/",
        "connectors.notification",
        ({"url": "https://first.example.org/"}, {"url": "https://second.example.org/"}),
        ("https://first.example.org/", "https://second.example.org/"),
    ),
    "a number at WhatsApp": Page(
        f"/admin/connect/luna/whatsapp/{NUMBER}/",
        "channels.1",
        ({"phone_number_id": NUMBER, "waba_id": "2222222222"}, {"phone_number_id": NUMBER, "waba_id": "3333333333"}),
        ("2222222222", "3333333333"),
    ),
    "how long things are kept": Page(
        "/admin/sight/luna/privacy/", "policies.retention", ({"turns_days": "41"}, {"turns_days": "52"}), ("41", "52")
    ),
}


@pytest.fixture(autouse=True)
def _there_is_something(luna: Tenant, meta: Meta) -> None:
    meta.account.further_ids = {"1111111111", "2222222222", "3333333333"}
    webhook: dict[str, JSON] = {"type": "webhook", "url": "https://before.example.org/"}
    connect(tenant=luna, category="notification", block=webhook, secrets={"secret": SECRET}, by=COMMAND)
    secrets = {"access_token": TOKEN, "app_secret": "of-the-test"}
    connect_number(tenant=luna, phone_number_id=NUMBER, waba_id="1111111111", secrets=secrets, by=COMMAND)
    save_retention(tenant=luna, days={"turns_days": 30}, by=COMMAND)


def owner(tenant: Tenant, name: str) -> Client:
    user = User.objects.create_user(f"{name}@example.com", "a long enough password")
    Membership.objects.create(tenant=tenant, user=user, role=Role.OWNER)
    client = Client()
    client.force_login(user)
    return client


def shown_in(page: str) -> str:
    (mark,) = re.findall(r'name="shown" value="([0-9a-f]{64})"', page)
    return str(mark)


def opened(client: Client, page: Page) -> str:
    return shown_in(client.get(page.address).content.decode())


def revision(tenant: Tenant) -> int:
    return TenantSettings.objects.for_tenant(tenant).get().revision


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_the_second_is_told_and_sees_what_is_stored(page: Page, luna: Tenant) -> None:
    first, second = owner(luna, "first"), owner(luna, "second")
    marks = opened(first, page), opened(second, page)
    assert first.post(page.address, {**page.forms[0], "shown": marks[0]}).status_code == 302
    before = revision(luna)
    refused = second.post(page.address, {**page.forms[1], "shown": marks[1]})
    told = html.unescape(refused.content.decode())
    assert re.search(r"first@example\.com saved this at \d\d:\d\d while you were writing\.", told)
    stored = re.findall(r'<pre id="stored-now"[^>]*>(.*?)</pre>', told, re.DOTALL)
    assert page.values[0] in stored[0]
    assert f'value="{page.values[1]}"' in told, "what was typed is still there"
    assert page.values[0] in ShownPart(luna, page.path).text
    assert revision(luna) == before
    again = {**page.forms[1], "shown": shown_in(told)}
    assert second.post(page.address, again).status_code == 302
    assert page.values[1] in ShownPart(luna, page.path).text


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_another_part_may_be_saved_meanwhile(page: Page, luna: Tenant) -> None:
    first, second = owner(luna, "first"), owner(luna, "second")
    mark = opened(second, page)
    for other in PAGES.values():
        if other is not page:
            assert first.post(other.address, {**other.forms[0], "shown": opened(first, other)}).status_code == 302
    assert second.post(page.address, {**page.forms[1], "shown": mark}).status_code == 302
    assert page.values[1] in ShownPart(luna, page.path).text


def test_who_stays_on_the_page_that_shows_a_new_word_writes_over_nobody(luna: Tenant) -> None:
    first, second = owner(luna, "first"), owner(luna, "second")
    page = PAGES["a number at WhatsApp"]
    word = {"phone_number_id": NUMBER, "waba_id": "1111111111", "new_word": "on", "shown": opened(first, page)}
    stayed = first.post(page.address, word)
    assert stayed.status_code == 200
    assert second.post(page.address, {**page.forms[0], "shown": opened(second, page)}).status_code == 302
    refused = first.post(page.address, {**page.forms[1], "shown": shown_in(stayed.content.decode())})
    assert "saved this at" in html.unescape(refused.content.decode())
    assert page.values[0] in ShownPart(luna, page.path).text


@pytest.mark.django_db(transaction=True)
def test_what_is_saved_while_a_new_word_is_shown_is_not_written_over_unseen(luna: Tenant) -> None:
    first, second = owner(luna, "first"), owner(luna, "second")
    page = PAGES["a number at WhatsApp"]
    mine, theirs = page.forms
    kept: list[str] = []
    saved: list[bool] = []

    def between[T](execute: Callable[..., T], sql: str, *rest: object) -> T:
        """The second owner opens and saves between the transaction that kept the first one's and the page of it."""
        if kept and not saved and not connection.in_atomic_block:
            saved.append(True)
            assert second.post(page.address, {**theirs, "shown": opened(second, page)}).status_code == 302
        if sql.startswith('UPDATE "releases_tenantsettings"'):
            kept.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(between):
        stayed = first.post(page.address, {**mine, "new_word": "on", "shown": opened(first, page)}).content.decode()
    assert saved
    assert f'value="{page.values[0]}"' in stayed, "what was typed, not what the other one saved"
    refused = first.post(page.address, {**mine, "shown": shown_in(stayed)})
    assert "second@example.com saved this at" in html.unescape(refused.content.decode())
    assert page.values[1] in ShownPart(luna, page.path).text


WEBHOOK = PAGES["a connection"]
SAME = {"url": "https://before.example.org/"}
OF_THE_SECRET = {
    "when it ends": ({**SAME, "expires_on": "2027-03-01"}, "secret: ••••ISE=, ends on 2027-03-01"),
    "the secret itself": ({**SAME, "secret": "whsec_YW5vdGhlci1vbmUtYWx0b2dldGhlci1vZi10aGVtYWE="}, "secret: ••••YWE="),
}


@pytest.mark.parametrize(("sent", "told"), OF_THE_SECRET.values(), ids=OF_THE_SECRET.keys())
def test_what_is_shown_of_a_secret_is_not_written_over_unseen(sent: dict[str, str], told: str, luna: Tenant) -> None:
    first, second = owner(luna, "first"), owner(luna, "second")
    mark = opened(second, WEBHOOK)
    assert first.post(WEBHOOK.address, {**sent, "shown": opened(first, WEBHOOK)}).status_code == 302
    kept = Credential.objects.for_tenant(luna).filter(field="connectors.notification.secret").values().get()
    refused = second.post(WEBHOOK.address, {**WEBHOOK.forms[1], "expires_on": "", "shown": mark})
    page = html.unescape(refused.content.decode())
    assert "first@example.com saved this at" in page
    (stored,) = re.findall(r'<pre id="stored-now"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert told in stored.splitlines()
    assert Credential.objects.for_tenant(luna).filter(field="connectors.notification.secret").values().get() == kept
    assert WEBHOOK.values[1] not in ShownPart(luna, WEBHOOK.path).text


def test_who_is_named_is_who_changed_this_part_not_who_saved_last(luna: Tenant) -> None:
    first, second, third = (owner(luna, name) for name in ("first", "second", "third"))
    mark = opened(second, WEBHOOK)
    assert first.post(WEBHOOK.address, {**WEBHOOK.forms[0], "shown": opened(first, WEBHOOK)}).status_code == 302
    other = PAGES["how long things are kept"]
    assert third.post(other.address, {**other.forms[0], "shown": opened(third, other)}).status_code == 302
    told = second.post(WEBHOOK.address, {**WEBHOOK.forms[1], "shown": mark}).content.decode()
    assert "first@example.com saved this at" in told
    assert "third@example.com" not in told


def test_nobody_is_named_where_the_trail_has_forgotten_what_it_was(luna: Tenant) -> None:
    first, second, third = (owner(luna, name) for name in ("first", "second", "third"))
    mark = opened(second, WEBHOOK)
    assert first.post(WEBHOOK.address, {**WEBHOOK.forms[0], "shown": opened(first, WEBHOOK)}).status_code == 302
    other = PAGES["how long things are kept"]
    assert third.post(other.address, {**other.forms[0], "shown": opened(third, other)}).status_code == 302
    now = timezone.now()
    forget_personal_parts(tenant=luna, before=now, now=now)
    told = second.post(WEBHOOK.address, {**WEBHOOK.forms[1], "shown": mark}).content.decode()
    assert "Somebody saved this while you were writing." in told
    assert not re.search(r"(first|third)@example\.com", told)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_what_is_saved_while_the_page_is_made_is_not_written_over_unseen(page: Page, luna: Tenant) -> None:
    first, second = owner(luna, "first"), owner(luna, "second")
    mark = opened(first, page)
    saved: list[bool] = []

    def between[T](execute: Callable[..., T], sql: str, *rest: object) -> T:
        """The first owner saves as soon as the settings were asked for once."""
        done = execute(sql, *rest)
        if "releases_tenantsettings" in sql and not saved:
            saved.append(True)
            assert first.post(page.address, {**page.forms[0], "shown": mark}).status_code == 302
        return done

    with connection.execute_wrapper(between):
        made = second.get(page.address).content.decode()
    assert saved
    sees_it = f'value="{page.values[0]}"' in made
    answer = second.post(page.address, {**page.forms[1], "shown": shown_in(made)})
    is_told = "first@example.com saved this at" in html.unescape(answer.content.decode())
    assert sees_it or is_told
    assert (page.values[0] in ShownPart(luna, page.path).text) is is_told
