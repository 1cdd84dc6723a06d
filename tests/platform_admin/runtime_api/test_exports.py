from __future__ import annotations

import importlib
import io
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.utils import timezone

from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import ContactExport, RuntimeCommand
from platform_admin.commands.queries import export_of
from platform_admin.errors import KeyMaterialError
from platform_admin.privacy.exports import opened
from platform_admin.runtime_api.raw_body import MAX_EXPORT_BYTES
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db


EXPORT_KEPT = timedelta(days=2)


@pytest.fixture
def token(luna: Tenant) -> str:
    return issue_runtime_token(tenant=luna, by=COMMAND).clear


@pytest.fixture
def command(luna: Tenant) -> RuntimeCommand:
    return queue_command(tenant=luna, kind=CommandKind.EXPORT_CONTACT, payload={"contact": "c-1"}, by=COMMAND)


def archive(text: str = "{}") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("contact.json", text)
    return buffer.getvalue()


def hand_in(client: Client, token: str, command_id: uuid.UUID, content: bytes, *, slug: str = "luna") -> Any:
    url = f"/api/runtime/v1/tenants/{slug}/exports/{command_id}"
    return client.post(url, data=content, content_type="application/zip", headers={"Authorization": f"Bearer {token}"})


def test_an_archive_is_kept_for_two_days(client: Client, token: str, luna: Tenant, command: RuntimeCommand) -> None:
    content = archive()
    answer = hand_in(client, token, command.public_id, content)
    now = timezone.now()
    kept = export_of(luna, command.public_id, now=now)
    assert kept is not None
    assert (answer.status_code, answer.json(), opened(kept)) == (201, {"sha256": kept.sha256}, content)
    assert export_of(luna, command.public_id, now=now + EXPORT_KEPT + timedelta(seconds=1)) is None
    assert export_of(luna, command.public_id, now=now + EXPORT_KEPT - timedelta(minutes=1)) is not None


def test_the_same_archive_again_is_fine_and_another_one_is_not(
    client: Client, token: str, command: RuntimeCommand
) -> None:
    first, other = archive("{}"), archive("[]")  # made once: an archive holds the time at which it was made
    answers = [hand_in(client, token, command.public_id, content) for content in (first, first, other)]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert ContactExport.objects.across_tenants("this test").count() == 1


@pytest.mark.parametrize("content", [b"", b"not a zip", b"P"], ids=["nothing", "text", "half a signature"])
def test_what_is_no_archive_is_not_kept(content: bytes, client: Client, token: str, command: RuntimeCommand) -> None:
    answer = hand_in(client, token, command.public_id, content)
    assert (answer.status_code, answer.json()) == (400, {"error": "not_an_archive"})
    assert not ContactExport.objects.across_tenants("this test").exists()


def test_an_archive_that_is_too_long_is_not_kept(client: Client, token: str, command: RuntimeCommand) -> None:
    answer = hand_in(client, token, command.public_id, b"PK\x03\x04" + bytes(MAX_EXPORT_BYTES))
    assert (answer.status_code, answer.json()) == (413, {"error": "too_large"})
    assert not ContactExport.objects.across_tenants("this test").exists()


def test_nobody_hands_in_what_was_not_asked_for(
    client: Client, token: str, luna: Tenant, sol: Tenant, command: RuntimeCommand
) -> None:
    backup = queue_command(tenant=luna, kind=CommandKind.BACKUP, payload={}, by=COMMAND)
    theirs = queue_command(tenant=sol, kind=CommandKind.EXPORT_CONTACT, payload={"contact": "c-1"}, by=COMMAND)
    answers = [
        hand_in(client, token, uuid.uuid4(), archive()),
        hand_in(client, token, backup.public_id, archive()),
        hand_in(client, token, theirs.public_id, archive()),
        hand_in(client, token, theirs.public_id, archive(), slug="sol"),
    ]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(404, {"error": "not_found"})] * 4
    assert not ContactExport.objects.across_tenants("this test").exists()


def test_an_archive_never_lies_in_clear_and_opens_in_its_own_place_alone(
    client: Client, token: str, luna: Tenant, sol: Tenant, command: RuntimeCommand
) -> None:
    hand_in(client, token, command.public_id, archive("canary-of-a-customer"))
    kept = ContactExport.objects.for_tenant(luna).get()
    assert b"PK" not in bytes(kept.content)[:2]
    assert b"canary" not in bytes(kept.content)
    foreign = queue_command(tenant=sol, kind=CommandKind.EXPORT_CONTACT, payload={"contact": "c-1"}, by=COMMAND)
    moved = ContactExport(tenant=sol, command=foreign, content=kept.content, sha256=kept.sha256)
    with pytest.raises(KeyMaterialError, match="made for another place"):
        opened(moved)


def test_an_owner_bounds_how_long_archives_stay(
    client: Client, token: str, luna: Tenant, command: RuntimeCommand
) -> None:
    for chosen, kept_for in ((1, 1), (30, 7)):
        luna.settings.policies = {"retention": {"exports_days": chosen}}
        luna.settings.save()
        ContactExport.objects.for_tenant(luna).delete()
        hand_in(client, token, command.public_id, archive())
        kept = ContactExport.objects.for_tenant(luna).get()
        assert kept.expires_at - kept.received_at == timedelta(days=kept_for)


def test_what_lay_in_clear_before_is_sealed_where_it_is(luna: Tenant, command: RuntimeCommand) -> None:
    now, content = timezone.now(), archive()
    ContactExport.objects.create(
        tenant=luna, command=command, content=content, sha256="x", received_at=now, expires_at=now
    )
    migration = importlib.import_module("platform_admin.privacy.migrations.0002_seal_exports")
    at_that_time = MigrationLoader(connection).project_state(("privacy", "0002_seal_exports")).apps
    for _ in range(2):
        migration.seal(at_that_time, None)
        assert opened(ContactExport.objects.for_tenant(luna).get()) == content
