from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import ProtectedError

from platform_admin.errors import ImmutableError
from platform_admin.releases.actions import publish
from platform_admin.releases.models import Release
from platform_admin.tenants.models import AuditEntry, Tenant
from tests.platform_admin.business import COMMAND, KNOWLEDGE, sources

pytestmark = pytest.mark.django_db


@pytest.fixture
def written_once(luna: Tenant) -> dict[str, Any]:
    release = publish(tenant=luna, by=COMMAND, sources=sources(knowledge=KNOWLEDGE))
    return {
        "release": release,
        "flow version": release.flow_version,
        "knowledge version": release.knowledge_version,
        "audit entry": AuditEntry.objects.latest("pk"),
    }


def rows(row: Any) -> Any:
    manager = type(row).objects
    return manager.filter(pk=row.pk) if isinstance(row, AuditEntry) else manager.for_tenant(row.tenant)


ATTEMPTS: dict[str, Callable[[Any], object]] = {
    "save": lambda row: row.save(),
    "save of one field": lambda row: row.save(update_fields=["tenant"]),
    "delete": lambda row: row.delete(),
    "update of a query": lambda row: rows(row).update(tenant=None),
    "delete of a query": lambda row: rows(row).delete(),
    "bulk update": lambda row: rows(row).bulk_update([row], ["tenant"]),
    "update or create": lambda row: rows(row).update_or_create(pk=row.pk, defaults={"tenant": None}),
    "insert over": lambda row: rows(row).bulk_create(
        [row], update_conflicts=True, update_fields=["tenant"], unique_fields=["id"]
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
@pytest.mark.parametrize("kind", ["release", "flow version", "knowledge version", "audit entry"])
def test_what_is_written_once_cannot_be_changed_or_removed(
    kind: str, attempt: Callable[[Any], object], written_once: dict[str, Any]
) -> None:
    row = written_once[kind]
    before = rows(row).values().get(pk=row.pk)
    with pytest.raises(ImmutableError):
        attempt(row)
    assert rows(row).values().get(pk=row.pk) == before


def test_a_tenant_with_releases_cannot_be_deleted(luna: Tenant, written_once: dict[str, Any]) -> None:
    with pytest.raises(ProtectedError):
        luna.delete()
    assert Release.objects.for_tenant(luna).count() == 1
