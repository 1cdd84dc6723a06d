"""The page *Connections*: forms made from schemas, secrets that only go in, and trying whether it works."""

from __future__ import annotations

import json

import pytest

from connectors.catalog import find_manifests, read_schema
from platform_admin.connect.actions import connect, probe
from platform_admin.connect.schema_form import LEFT_OUT, SchemaForm
from platform_admin.credentials.actions import set_credential
from platform_admin.credentials.models import Credential
from platform_admin.credentials.queries import secret_in_clear, uses_of
from platform_admin.errors import NotAllowedError, NotThereError
from platform_admin.releases.actions import publish
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import COMMAND, KNOWLEDGE, sources
from tests.platform_admin.connect.page import ANTHROPIC, SECRET, URL, connectors_of, signed_in_as

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

PROVIDERS = sorted(name for name, manifest in find_manifests().items() if manifest.shipped)


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
    assert uses_of(luna).get().purpose == "release"


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
    assert "Calendar: " in page
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
    assert uses_of(luna).get().purpose == "probe"


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
