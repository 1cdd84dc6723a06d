"""Whoever has a secret opened is in the use log, with what for and when, and never a value; it is read and bounded."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from connectors.kernel.egress.policy import THIS_MACHINE
from flow_engine.vocabulary import JSONObject
from platform_admin.authoring.asking_llm import ask_llm
from platform_admin.connect.actions import choices, connect, probe
from platform_admin.credentials.actions import note_use, set_credential
from platform_admin.credentials.models import USES_KEPT_DAYS, Credential, UseOfCredential
from platform_admin.credentials.purpose import Purpose
from platform_admin.credentials.queries import last_uses, uses_of
from platform_admin.credentials.spoken import what_for
from platform_admin.observability.retention import forget_old
from platform_admin.releases.actions import publish
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.actor import Actor, CommandActor
from platform_admin.tenants.models import Tenant, User
from platform_admin.whatsapp.numbers import numbers_of
from platform_admin.whatsapp.set_up import make_all
from platform_admin.whatsapp.template_sync import sync_templates
from tests.platform_admin.business import COMMAND, KNOWLEDGE, sources
from tests.platform_admin.whatsapp.conftest import NUMBER, TOKEN, WABA, Meta, connected, meta

__all__ = ["connected", "meta"]

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

KEY = "sk-canary-0123456789-tail"
NOON = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
FIELD = "connectors.llm.api_key"


def log_of(tenant: Tenant) -> list[tuple[str, str, str, str]]:
    """The oldest line first."""
    return [(use.field, use.purpose, use.about, use.who) for use in reversed(uses_of(tenant))]


def note(tenant: Tenant, purpose: Purpose, by: Actor, at: datetime, about: str = "", field: str = FIELD) -> None:
    note_use(tenant=tenant, fields=[field], purpose=purpose, by=by, about=about, at=at)


@pytest.fixture
def with_key(luna: Tenant, settings: Settings) -> Tenant:
    """A language model at an address where nobody answers."""
    settings.PROBE_EGRESS = THIS_MACHINE
    nobody: JSONObject = {"type": "openai_compatible", "base_url": "https://127.0.0.1:9/v1", "model": "small"}
    connect(tenant=luna, category="llm", block=nobody, secrets={"api_key": KEY}, by=COMMAND)
    return luna


def test_a_probe_a_choice_and_a_question_name_the_person(with_key: Tenant, people: dict[str, User]) -> None:
    probe(tenant=with_key, category="llm", by=people["editor"])
    choices(tenant=with_key, category="llm", by=people["owner"])
    document = settings_of(with_key).document
    assert document is not None
    ask_llm(with_key, document, "¿Abren?", markdown="# Luna\n", by=people["viewer"])
    assert log_of(with_key) == [
        (FIELD, "probe", "", "editor@example.com"),
        (FIELD, "choices", "", "owner@example.com"),
        (FIELD, "trying a question", "", "viewer@example.com"),
    ]


def test_a_release_is_named_by_its_serial(with_key: Tenant, people: dict[str, User]) -> None:
    publish(tenant=with_key, by=people["publisher"], sources=sources(knowledge=KNOWLEDGE))
    publish(tenant=with_key, by=COMMAND, sources=sources(knowledge=KNOWLEDGE))
    assert log_of(with_key) == [
        (FIELD, "release", "1", "publisher@example.com"),
        (FIELD, "release", "2", "manage.py test"),
    ]


def test_what_asks_meta_is_named_with_the_secrets_that_it_needs(
    connected: Tenant, people: dict[str, User], meta: Meta
) -> None:
    sync_templates(tenant=connected, by=CommandActor("run_worker"), now=NOON)
    assert log_of(connected) == [("channels.1.access_token", "templates", "", "manage.py run_worker")]
    UseOfCredential.objects.for_tenant(connected).delete()
    (number,) = numbers_of(connected)
    make_all(number=number, by=people["owner"])
    with pytest.raises(CommandError):  # no address of ours is told, and the account is subscribed to none
        call_command("connect_whatsapp", "luna", "--dry-run", stdout=StringIO())
    of_three = {f"channels.1.{key}" for key in ("access_token", "app_secret", "verify_token")}
    assert {line[0] for line in log_of(connected) if line[3] == "owner@example.com"} == of_three
    assert {line[0] for line in log_of(connected) if line[3] == "manage.py connect_whatsapp"} == of_three


def test_the_doctor_is_named(connected: Tenant, meta: Meta) -> None:
    with pytest.raises(CommandError):  # nothing is published yet, which is bad enough
        call_command("doctor", "luna", stdout=StringIO(), stderr=StringIO())
    assert {line[3] for line in log_of(connected)} == {"manage.py doctor"}


def test_the_proof_of_a_number_is_named(luna: Tenant, people: dict[str, User], meta: Meta) -> None:
    client = Client()
    client.force_login(people["owner"])
    entered = {"phone_number_id": NUMBER, "waba_id": WABA, "access_token": TOKEN, "app_secret": "abc123"}
    assert client.post("/admin/connect/luna/whatsapp/", entered).status_code == 200
    assert log_of(luna) == [("channels.1.access_token", "proof", "", "owner@example.com")]


def test_the_same_on_one_day_is_one_line_and_the_next_day_another(luna: Tenant) -> None:
    by = CommandActor("run_worker")
    for hour in range(30):
        note(luna, Purpose.TEMPLATES, by, NOON.replace(hour=0) + timedelta(hours=hour))
    assert [use.at.hour for use in uses_of(luna)] == [5, 23]
    note(luna, Purpose.PROBE, by, NOON)
    assert uses_of(luna).count() == 3


def test_the_log_is_kept_for_as_long_as_is_said(luna: Tenant, sol: Tenant) -> None:
    now = NOON + timedelta(days=USES_KEPT_DAYS)
    for tenant in (luna, sol):
        note(tenant, Purpose.PROBE, COMMAND, NOON - timedelta(minutes=1))
        note(tenant, Purpose.RELEASE, COMMAND, NOON + timedelta(minutes=1), about="3")
    assert forget_old(now=now)["UseOfCredential"] == 2
    assert [log_of(tenant) for tenant in (luna, sol)] == [[(FIELD, "release", "3", "manage.py test")]] * 2


def test_no_value_is_in_the_log_nor_on_what_shows_it(
    with_key: Tenant, people: dict[str, User], as_operator: Client
) -> None:
    probe(tenant=with_key, category="llm", by=people["owner"])
    publish(tenant=with_key, by=COMMAND, sources=sources(knowledge=KNOWLEDGE))
    credential = Credential.objects.for_tenant(with_key).get()
    out = StringIO()
    call_command("credential_uses", "luna", "--json", stdout=out)
    shown = out.getvalue() + str(list(UseOfCredential.objects.for_tenant(with_key).values()))
    for address in (f"/admin/credentials/credential/{credential.pk}/change/", "/admin/connect/luna/"):
        shown += as_operator.get(address).content.decode()
    assert KEY not in shown
    assert credential.ciphertext not in shown


def test_the_page_of_a_credential_shows_its_log_and_only_its_own(
    luna: Tenant, sol: Tenant, as_operator: Client
) -> None:
    stored = set_credential(tenant=luna, field=FIELD, value=KEY, by=COMMAND)
    address = f"/admin/credentials/credential/{stored.pk}/change/"
    assert "Not used in the last 180 days." in as_operator.get(address).content.decode()
    note(luna, Purpose.RELEASE, CommandActor("publish"), NOON, about="7")
    note(luna, Purpose.PROBE, COMMAND, NOON, field="connectors.calendar.password")
    note(sol, Purpose.RELEASE, COMMAND, NOON, about="8")
    page = as_operator.get(address).content.decode()
    assert re.findall(r"<li>(11/15/2026[^<]*)</li>", page) == [
        "11/15/2026 noon: the platform (publish): put into release 7"
    ]
    spanish = as_operator.get(address, headers={"Accept-Language": "es"}).content.decode()
    assert "la plataforma (publish): en la versión 7" in spanish


def test_connections_tell_owners_alone_who_used_it_last(
    luna: Tenant, sol: Tenant, people: dict[str, User], connected: Tenant
) -> None:
    connect(tenant=luna, category="llm", block={"type": "mock_llm"}, secrets={}, by=COMMAND)
    note(luna, Purpose.PROBE, people["editor"], NOON)
    note(luna, Purpose.RELEASE, people["publisher"], NOON + timedelta(hours=1), about="2")
    note(luna, Purpose.TEMPLATES, CommandActor("run_worker"), NOON, field="channels.1.access_token")
    note(sol, Purpose.PROBE, COMMAND, NOON + timedelta(days=1))
    said = [  # at noon in UTC it is one o'clock in Madrid
        "Last used on 11/15/2026 1 p.m. by the platform (run_worker): fetched the message templates.",
        "Last used on 11/15/2026 2 p.m. by publisher@example.com: put into release 2.",
    ]
    assert used_on(people["owner"]) == said
    for role in ("viewer", "editor", "publisher"):
        assert used_on(people[role]) == []
    spanish = used_on(people["owner"], "es")
    assert len(spanish) == 2
    assert spanish[1].endswith("publisher@example.com: en la versión 2.")


def used_on(person: User, language: str = "en") -> list[str]:
    client = Client()
    client.force_login(person)
    page = client.get("/admin/connect/luna/", headers={"Accept-Language": language}).content.decode()
    return re.findall(r'<p class="sight-quiet">((?:Last used|Usado por última vez)[^<]*)</p>', page)


def test_a_command_lists_the_log_for_people_and_for_programs(luna: Tenant, sol: Tenant) -> None:
    now = datetime.now(UTC)
    note(luna, Purpose.RELEASE, COMMAND, now - timedelta(days=20), about="7")
    note(luna, Purpose.PROBE, COMMAND, now - timedelta(days=2), field="channels.0.access_token")
    note(sol, Purpose.PROBE, COMMAND, now)
    newest, oldest = listed("luna")["uses"]
    assert (newest["field"], newest["purpose"], newest["who"]) == ("channels.0.access_token", "probe", "manage.py test")
    assert (oldest["field"], oldest["about"], listed("luna")["kept_days"]) == (FIELD, "7", USES_KEPT_DAYS)
    assert listed("luna", "--days", "10")["uses"] == [newest]
    assert listed("luna", "--field", FIELD)["uses"] == [oldest]
    out = StringIO()
    call_command("credential_uses", "luna", stdout=out)
    assert [line.split()[2:] for line in out.getvalue().splitlines()] == [
        ["channels.0.access_token", "manage.py", "test:", "probe"],
        [FIELD, "manage.py", "test:", "release", "7"],
    ]
    with pytest.raises(CommandError):
        call_command("credential_uses", "nobody", stdout=out)


def listed(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("credential_uses", *arguments, "--json", stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def test_the_newest_of_each_comes_in_one_question(luna: Tenant, django_assert_num_queries: Any) -> None:
    for day in range(3):
        for field in (FIELD, "connectors.calendar.password"):
            note(luna, Purpose.PROBE, COMMAND, NOON + timedelta(days=day), field=field)
    with django_assert_num_queries(1):
        newest = last_uses(luna)
    assert {field: use.at.day for field, use in newest.items()} == {FIELD: 17, "connectors.calendar.password": 17}


@pytest.mark.parametrize("purpose", Purpose)
def test_every_purpose_has_its_words(purpose: Purpose) -> None:
    assert what_for(UseOfCredential(purpose=purpose.value, about="4")) != purpose.value
