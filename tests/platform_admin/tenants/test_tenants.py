from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone as clock

from platform_admin.errors import AlreadyThereError, NotAllowedError
from platform_admin.tenants import actions
from platform_admin.tenants.models import AuditEntry, RuntimeToken, Tenant, User
from platform_admin.tenants.queries import runtime_token_of
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", ["a", "0", "luna", "luna-2", "a-b-c", "x" * 39, "a" + "-a" * 38])
def test_a_good_slug_names_a_tenant(slug: str) -> None:
    tenant = actions.create_tenant(slug=slug, name="N", language="es", timezone="Europe/Madrid", by=COMMAND)
    assert Tenant.objects.get() == tenant


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "-a",
        "a-",
        "a--b",
        "Luna",
        "luna_1",
        "luna.es",
        "../x",
        "a b",
        "peluquería",
        "luna\n",
        "x" * 40,
        "a/b",
        "a%00",
    ],
)
def test_a_bad_slug_is_refused_and_nothing_is_stored(slug: str) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.create_tenant(slug=slug, name="N", language="es", timezone="UTC", by=COMMAND)
    assert list(caught.value.message_dict) == ["slug"]
    assert not Tenant.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("language", "timezone", "field"),
    [
        ("Spanish", "UTC", "language"),
        ("es_ES", "UTC", "language"),
        ("es", "Madrid", "timezone"),
        ("es", "../x", "timezone"),
    ],
)
def test_a_tenant_speaks_a_language_in_a_real_time_zone(language: str, timezone: str, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.create_tenant(slug="a", name="N", language=language, timezone=timezone, by=COMMAND)
    assert list(caught.value.message_dict) == [field]


def test_a_second_tenant_of_the_same_slug_is_refused(luna: Tenant) -> None:
    with pytest.raises(AlreadyThereError):
        actions.create_tenant(slug="luna", name="Other", language="es", timezone="UTC", by=COMMAND)
    assert Tenant.objects.get().name == "Peluquería Luna"


def test_two_users_cannot_differ_by_case_only(operator: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="OPERATOR@example.com")])


def test_a_runtime_token_is_kept_as_a_hash_and_found_by_it(luna: Tenant) -> None:
    issued = actions.issue_runtime_token(tenant=luna, by=COMMAND)
    row = RuntimeToken.objects.for_tenant(luna).get(pk=issued.row.pk)
    assert row.digest == hashlib.sha256(issued.clear.encode()).hexdigest()
    assert issued.clear.startswith(row.prefix)
    assert len(row.prefix) == 11
    found = runtime_token_of(issued.clear)
    assert found == row
    assert issued.clear not in str(AuditEntry.objects.values_list())
    assert issued.clear not in repr(issued)


def test_a_revoked_token_is_no_longer_valid_and_keeps_its_first_time(luna: Tenant) -> None:
    issued = actions.issue_runtime_token(tenant=luna, by=COMMAND)
    first = actions.revoke_runtime_token(token=issued.row, by=COMMAND).revoked_at
    found = runtime_token_of(issued.clear)
    assert found is not None
    assert found.revoked_at is not None
    assert actions.revoke_runtime_token(token=issued.row, by=COMMAND).revoked_at == first


def test_use_of_a_token_is_noted_about_once_a_minute(luna: Tenant) -> None:
    token = actions.issue_runtime_token(tenant=luna, by=COMMAND).row
    start = clock.now()
    seen = []
    for seconds in (0, 59, 61):
        actions.note_token_use(token=token, at=start + timedelta(seconds=seconds))
        token.refresh_from_db()
        seen.append(token.last_used_at)
    assert seen == [start, start, start + timedelta(seconds=61)]


@pytest.mark.parametrize("role", ["stranger", "viewer", "editor", "publisher"])
def test_below_owner_nobody_issues_or_revokes_tokens(role: str, luna: Tenant, people: dict[str, User]) -> None:
    token = actions.issue_runtime_token(tenant=luna, by=COMMAND).row
    before = list(RuntimeToken.objects.for_tenant(luna).values())
    with pytest.raises(NotAllowedError):
        actions.issue_runtime_token(tenant=luna, by=people[role])
    with pytest.raises(NotAllowedError):
        actions.revoke_runtime_token(token=token, by=people[role])
    assert list(RuntimeToken.objects.for_tenant(luna).values()) == before


def test_the_audit_trail_says_who_did_what(luna: Tenant, operator: User) -> None:
    actions.issue_runtime_token(tenant=luna, by=operator)
    last = AuditEntry.objects.first()
    assert last is not None
    assert (last.actor, last.actor_label, last.tenant, last.verb) == (
        operator, "operator@example.com", luna, "issued runtime token",
    )  # fmt: skip
    first = AuditEntry.objects.last()
    assert first is not None
    assert (first.actor, first.actor_label, first.verb) == (None, "manage.py test", "created tenant")
