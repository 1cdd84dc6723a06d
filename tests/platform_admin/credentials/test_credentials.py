from __future__ import annotations

import logging

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from flow_engine.bundle.secret_binding import unbind
from platform_admin.credentials import actions
from platform_admin.credentials.models import Credential, TenantKey
from platform_admin.credentials.queries import secrets_for_bundle, tenant_fernet_keys
from platform_admin.errors import KeyMaterialError, NotAllowedError
from platform_admin.releases.actions import publish
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import COMMAND, sources

pytestmark = pytest.mark.django_db

CANARY = "EAAG-canary-value-9f3c"
FIELD = "channels.0.access_token"


def everything_stored() -> str:
    """Every column of every table, as text."""
    dump = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own table names
            dump.append(str([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()]))
    return "".join(dump)


def test_a_credential_is_stored_encrypted_with_a_hint_of_four(luna: Tenant) -> None:
    credential = actions.set_credential(tenant=luna, field=FIELD, value=CANARY, by=COMMAND)
    assert str(credential) == "channels.0.access_token ••••9f3c"
    assert CANARY not in everything_stored()


def test_a_short_secret_leaves_no_hint(luna: Tenant) -> None:
    assert actions.set_credential(tenant=luna, field=FIELD, value="elevenchars", by=COMMAND).last4 == ""


def test_setting_again_replaces(luna: Tenant) -> None:
    for value in ("first value here", "second value here"):
        actions.set_credential(tenant=luna, field=FIELD, value=value, by=COMMAND)
    assert Credential.objects.for_tenant(luna).count() == 1
    token = secrets_for_bundle(luna)[FIELD]
    clear = MultiFernet([Fernet(key) for key in tenant_fernet_keys(luna)]).decrypt(token)
    assert unbind(clear, tenant="luna", field=FIELD) == "second value here"


def test_a_ciphertext_moved_to_another_tenant_is_refused(luna: Tenant, sol: Tenant) -> None:
    actions.set_credential(tenant=luna, field=FIELD, value=CANARY, by=COMMAND)
    stolen = Credential.objects.for_tenant(luna).get().ciphertext
    Credential.objects.create(tenant=sol, field=FIELD, ciphertext=stolen)
    with pytest.raises(KeyMaterialError):
        secrets_for_bundle(sol)


def test_the_newest_tenant_key_encrypts_and_the_older_one_stays_in_the_file(luna: Tenant) -> None:
    before = tenant_fernet_keys(luna)
    actions.create_tenant_key(tenant=luna, by=COMMAND)
    after = tenant_fernet_keys(luna)
    assert after[1:] == before
    actions.set_credential(tenant=luna, field=FIELD, value=CANARY, by=COMMAND)
    token = secrets_for_bundle(luna)[FIELD]
    assert unbind(Fernet(after[0]).decrypt(token), tenant="luna", field=FIELD) == CANARY


def test_a_tenant_with_credentials_and_no_key_cannot_have_a_bundle(luna: Tenant) -> None:
    actions.set_credential(tenant=luna, field=FIELD, value=CANARY, by=COMMAND)
    TenantKey.objects.for_tenant(luna).delete()
    with pytest.raises(KeyMaterialError):
        secrets_for_bundle(luna)


@pytest.mark.parametrize(
    "field",
    [
        "",
        "access_token",
        "channels.x.token",
        "settings.name",
        "channels.0.",
        "llm.api_key",
        "connectors.llm.a.b",
        "channels.0.token\n",
    ],
)
def test_a_path_that_no_bundle_has_is_refused(field: str, luna: Tenant) -> None:
    with pytest.raises(ValidationError):
        actions.set_credential(tenant=luna, field=field, value=CANARY, by=COMMAND)
    assert not Credential.objects.for_tenant(luna).exists()


@pytest.mark.parametrize("role", ["stranger", "viewer", "editor", "publisher"])
def test_below_owner_nobody_touches_credentials(role: str, luna: Tenant, people: dict[str, User]) -> None:
    credential = actions.set_credential(tenant=luna, field=FIELD, value=CANARY, by=COMMAND)
    before = list(Credential.objects.for_tenant(luna).values())
    entries = AuditEntry.objects.count()
    with pytest.raises(NotAllowedError):
        actions.set_credential(tenant=luna, field=FIELD, value="other", by=people[role])
    with pytest.raises(NotAllowedError):
        actions.remove_credential(credential=credential, by=people[role])
    assert list(Credential.objects.for_tenant(luna).values()) == before
    assert AuditEntry.objects.count() == entries


@pytest.mark.filterwarnings("ignore:Overriding get_action_choices")  # django-unfold, see config/test_site.py
def test_no_page_api_or_log_ever_shows_a_secret(
    luna: Tenant, as_operator: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    add = {"tenant": luna.pk, "field": FIELD, "value": CANARY}
    assert as_operator.post("/admin/credentials/credential/add/", add).status_code == 302
    stored = Credential.objects.for_tenant(luna).get()
    for name in ("app_secret", "verify_token"):
        actions.set_credential(tenant=luna, field=f"channels.0.{name}", value=f"canary for {name}", by=COMMAND)
    settings = 'channels: [{type: whatsapp, phone_number_id: "1234567890"}]\n'
    release = publish(tenant=luna, by=COMMAND, sources=sources(settings=settings))
    key = TenantKey.objects.for_tenant(luna).get()
    pages = [
        "/admin/credentials/credential/",
        f"/admin/credentials/credential/{stored.pk}/change/",
        f"/admin/credentials/credential/{stored.pk}/history/",
        f"/admin/credentials/credential/{stored.pk}/delete/",
        f"/admin/releases/release/{release.pk}/change/",
        "/admin/tenants/auditentry/",
        "/admin/",
    ]
    for page in pages:
        answer = as_operator.get(page)
        assert answer.status_code == 200, page
        text = answer.content.decode()
        for secret in (CANARY, stored.ciphertext, key.ciphertext, *tenant_fernet_keys(luna)):
            assert secret not in text, page
    assert "••••9f3c" in as_operator.get(pages[0]).content.decode()
    assert CANARY not in everything_stored()
    assert CANARY not in caplog.text


@pytest.mark.filterwarnings("ignore:Overriding get_action_choices")  # django-unfold, see config/test_site.py
def test_changing_a_credential_in_the_admin_replaces_the_value(luna: Tenant, as_operator: Client) -> None:
    stored = actions.set_credential(tenant=luna, field=FIELD, value=CANARY, by=COMMAND)
    page = f"/admin/credentials/credential/{stored.pk}/change/"
    assert as_operator.post(page, {"value": "a new value of 2026"}).status_code == 302
    assert Credential.objects.for_tenant(luna).get().last4 == "2026"
    assert as_operator.post(f"/admin/credentials/credential/{stored.pk}/delete/", {"post": "yes"}).status_code == 302
    assert AuditEntry.objects.latest("pk").verb == "removed credential"
