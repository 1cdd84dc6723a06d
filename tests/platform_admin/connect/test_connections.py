"""The page *Connections*: forms made from schemas, secrets that only go in, and trying whether it works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from connectors.catalog import find_manifests, read_schema
from connectors.kernel.egress.policy import THIS_MACHINE
from flow_engine.vocabulary import JSONObject
from platform_admin.connect.actions import connect, probe
from platform_admin.connect.schema_form import LEFT_OUT, SchemaForm
from platform_admin.credentials.actions import set_credential
from platform_admin.credentials.models import Credential, CredentialUse
from platform_admin.credentials.queries import secret_in_clear
from platform_admin.errors import NotAllowedError, NotThereError
from platform_admin.releases.actions import publish
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.fakes.radicale_server import PASSWORD, Radicale, running_radicale
from tests.fakes.radicale_server import USER as RADICALE_USER
from tests.platform_admin.business import COMMAND, KNOWLEDGE, sources

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

URL = "/admin/connect/luna/"
ANTHROPIC = f"{URL}llm/anthropic/"
SECRET = "sk-canary-0123456789-tail"
PROVIDERS = sorted(name for name, manifest in find_manifests().items() if manifest.shipped)


def signed_in_as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def connectors_of(tenant: Tenant) -> dict[str, object]:
    return dict(TenantSettings.objects.for_tenant(tenant).get().connectors)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_providers_schema_becomes_a_form_with_its_words_in_both_languages(name: str) -> None:
    schema = read_schema(find_manifests()[name])
    properties = schema["properties"]
    assert isinstance(properties, dict)
    for language in ("en", "es"):
        form = SchemaForm(schema, {}, {}, language)
        assert set(form.fields) == set(properties) - LEFT_OUT
        assert all(field.label for field in form.fields.values())
    secret = {key for key, told in properties.items() if isinstance(told, dict) and told.get("writeOnly")}
    assert set(form.secret_keys) == secret - LEFT_OUT


def test_an_owner_connects_a_provider_and_the_next_release_carries_it(luna: Tenant, people: dict[str, User]) -> None:
    owner = signed_in_as(people["owner"])
    answer = owner.post(ANTHROPIC, {"api_key": SECRET, "mode": "extractive", "max_output_tokens": "300"})
    assert answer["Location"] == URL
    assert connectors_of(luna)["llm"] == {"type": "anthropic", "mode": "extractive", "max_output_tokens": 300}
    assert secret_in_clear(luna, "connectors.llm.api_key") == SECRET
    settings = "channels: [{type: http_dev}]\nllm: {enabled: true}\nconnectors: {llm: {type: anthropic}}\n"
    release = publish(tenant=luna, by=COMMAND, sources=sources(knowledge=KNOWLEDGE, settings=settings))
    assert SECRET.encode() not in bytes(release.envelope)
    assert CredentialUse.objects.for_tenant(luna).get().purpose == "release"


def test_a_secret_goes_in_and_never_comes_out(luna: Tenant, people: dict[str, User]) -> None:
    owner = signed_in_as(people["owner"])
    owner.post(ANTHROPIC, {"api_key": SECRET})
    for url in (URL, ANTHROPIC):
        page = owner.get(url).content.decode()
        assert SECRET not in page
        assert "••••tail" in page
    refused = owner.post(ANTHROPIC, {"api_key": "sk-another-canary", "max_output_tokens": "-1"}).content.decode()
    assert "sk-another-canary" not in refused
    assert SECRET not in str(AuditEntry.objects.values_list())


def test_an_empty_secret_keeps_the_stored_one(luna: Tenant, people: dict[str, User]) -> None:
    owner = signed_in_as(people["owner"])
    owner.post(ANTHROPIC, {"api_key": SECRET})
    owner.post(ANTHROPIC, {"api_key": "", "mode": "verified"})
    assert secret_in_clear(luna, "connectors.llm.api_key") == SECRET
    assert connectors_of(luna)["llm"] == {"type": "anthropic", "mode": "verified"}


WRONG = [
    ({}, "This field is required"),
    ({"api_key": SECRET, "max_output_tokens": "many"}, "Enter a whole number"),
    ({"api_key": SECRET, "mode": "wild"}, "Select a valid choice"),
    ({"api_key": SECRET, "price": "{"}, "Enter a valid JSON"),
    ({"api_key": "x" * 20_001}, "at most 20000 characters"),
]


@pytest.mark.parametrize(("form", "shown"), WRONG, ids=[row[1] for row in WRONG])
def test_what_does_not_fit_changes_nothing(
    form: dict[str, str], shown: str, luna: Tenant, people: dict[str, User]
) -> None:
    page = signed_in_as(people["owner"]).post(ANTHROPIC, form)
    assert page.status_code == 200
    assert shown in page.content.decode()
    assert connectors_of(luna) == {}
    assert not Credential.objects.for_tenant(luna).exists()


def test_only_owners_see_and_save_a_form(luna: Tenant, people: dict[str, User]) -> None:
    for role in ("viewer", "editor", "publisher", "stranger"):
        client = signed_in_as(people[role])
        assert client.get(ANTHROPIC).status_code == 404, role
        assert client.post(ANTHROPIC, {"api_key": SECRET}).status_code == 404, role
    with pytest.raises(NotAllowedError):
        connect(tenant=luna, category="llm", block={"type": "anthropic"}, secrets={}, by=people["publisher"])
    assert not Credential.objects.for_tenant(luna).exists()


@pytest.mark.parametrize("path", ["llm/tarot/", "llm/mock_calendar/", "calendar/anthropic/", "llm/../"])
def test_a_provider_that_does_not_fit_is_not_there(path: str, luna: Tenant, people: dict[str, User]) -> None:
    assert signed_in_as(people["owner"]).get(URL + path).status_code == 404


def test_another_business_is_not_there(luna: Tenant, sol: Tenant, people: dict[str, User]) -> None:
    owner = signed_in_as(people["owner"])
    for path in ("/admin/connect/sol/", "/admin/connect/sol/llm/anthropic/"):
        assert owner.get(path).status_code == 404
    assert owner.post("/admin/connect/sol/llm/anthropic/", {"api_key": SECRET}).status_code == 404
    assert owner.post("/admin/connect/sol/llm/probe/").status_code == 404
    assert not Credential.objects.for_tenant(sol).exists()


def test_connecting_leaves_the_rest_of_the_settings_as_it_was(luna: Tenant) -> None:
    before = settings_of(luna).document
    assert before is not None
    connect(tenant=luna, category="calendar", block={"type": "mock_calendar"}, secrets={}, by=COMMAND)
    after = settings_of(luna).document
    assert after is not None
    assert (after.channels, after.business, after.llm) == (before.channels, before.business, before.llm)
    assert list(after.connectors) == ["calendar"]


def test_trying_it_says_in_words_whether_it_works(luna: Tenant, people: dict[str, User]) -> None:
    connect(tenant=luna, category="calendar", block={"type": "mock_calendar"}, secrets={}, by=COMMAND)
    page = signed_in_as(people["editor"]).post(f"{URL}calendar/probe/", follow=True).content.decode()
    assert "calendar: " in page
    assert AuditEntry.objects.latest("pk").verb == "probed connector"
    with pytest.raises(NotThereError):
        probe(tenant=luna, category="llm", by=COMMAND)


def test_trying_it_never_leads_into_our_own_network(luna: Tenant) -> None:
    block = json.loads('{"type": "openai_compatible", "model": "m", "base_url": "http://127.0.0.1:1/v1"}')
    connect(tenant=luna, category="llm", block=block, secrets={}, by=COMMAND)
    set_credential(tenant=luna, field="connectors.llm.api_key", value=SECRET, by=COMMAND)
    result = probe(tenant=luna, category="llm", by=COMMAND)
    assert not result.ok
    assert SECRET not in f"{result.finding} {result.remedy} {result.detail}"
    assert CredentialUse.objects.for_tenant(luna).get().purpose == "probe"


def test_an_owner_says_when_a_key_ends_and_it_goes_with_the_key(luna: Tenant, people: dict[str, User]) -> None:
    owner = signed_in_as(people["owner"])
    owner.post(ANTHROPIC, {"api_key": SECRET, "expires_on": "2027-03-01"})
    stored = Credential.objects.for_tenant(luna)
    assert str(stored.get().expires_on) == "2027-03-01"
    assert 'value="2027-03-01"' in owner.get(ANTHROPIC).content.decode()
    assert "ends it on" in owner.get(URL).content.decode()
    owner.post(ANTHROPIC, {"api_key": "", "expires_on": "2027-04-01"})
    assert str(stored.get().expires_on) == "2027-04-01"
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.before, entry.after) == (
        "set expiry", {"last4": "tail", "expires_on": "2027-03-01"}, {"last4": "tail", "expires_on": "2027-04-01"},
    )  # fmt: skip
    assert owner.post(ANTHROPIC, {"api_key": "", "expires_on": "soon"}).status_code == 200
    assert str(stored.get().expires_on) == "2027-04-01"
    owner.post(ANTHROPIC, {"api_key": "", "expires_on": ""})
    assert stored.get().expires_on is None
    assert secret_in_clear(luna, "connectors.llm.api_key") == SECRET


CALDAV = f"{URL}calendar/caldav/"
CHOOSE = f"{URL}calendar/choose/"


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    with running_radicale(tmp_path) as server:
        yield server


def test_an_owner_picks_the_calendar_from_what_the_credential_opens(
    radicale: Radicale, luna: Tenant, people: dict[str, User], settings: Settings
) -> None:
    settings.PROBE_EGRESS = THIS_MACHINE
    calendars = [radicale.calendar() for _ in range(2)]
    block = {"url": f"{radicale.url}/", "username": RADICALE_USER, "timezone": "Europe/Madrid"}
    connect(
        tenant=luna, category="calendar", block={"type": "caldav", **block}, secrets={"password": PASSWORD}, by=COMMAND
    )
    owner = signed_in_as(people["owner"])
    assert CHOOSE in owner.get(URL).content.decode()
    page = owner.get(CHOOSE).content.decode()
    assert [calendar for calendar in calendars if f'value="{calendar}"' in page] == calendars
    for wrong in ("", "https://evil.example/", f"{radicale.url}/"):
        assert owner.post(CHOOSE, {"value": wrong})["Location"] == URL
    stored = connectors_of(luna)["calendar"]
    assert isinstance(stored, dict)
    assert stored["url"] == f"{radicale.url}/"
    owner.post(CHOOSE, {"value": calendars[1]})
    assert connectors_of(luna)["calendar"] == {"type": "caldav", **block, "url": calendars[1]}
    assert "checked" in owner.get(CHOOSE).content.decode()
    for role in ("viewer", "editor", "publisher", "stranger"):
        assert signed_in_as(people[role]).get(CHOOSE).status_code == 404
    assert owner.get(CHOOSE.replace("luna", "sol")).status_code == 404


def test_what_tells_no_calendars_says_so_and_trouble_is_told_in_words(
    luna: Tenant, people: dict[str, User], settings: Settings
) -> None:
    owner = signed_in_as(people["owner"])
    assert owner.get(CHOOSE)["Location"] == URL  # nothing is set up
    connect(tenant=luna, category="calendar", block={"type": "mock_calendar"}, secrets={}, by=COMMAND)
    assert "does not tell which calendars" in owner.get(CHOOSE).content.decode()
    settings.PROBE_EGRESS = THIS_MACHINE
    nobody: JSONObject = {"type": "caldav", "url": "https://127.0.0.1:9/", "username": "x", "timezone": "Europe/Madrid"}
    connect(tenant=luna, category="calendar", block=nobody, secrets={"password": SECRET}, by=COMMAND)
    page = owner.get(CHOOSE).content.decode()
    assert "cannot be reached" in page
    assert SECRET not in page
