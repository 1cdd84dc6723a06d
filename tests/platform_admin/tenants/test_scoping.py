from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Count

from platform_admin.credentials.models import Credential
from platform_admin.errors import UnscopedQueryError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow
from platform_admin.tenants.models import Membership, Tenant, User
from platform_admin.tenants.scoping import TenantRow
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db

SCOPED = [model for model in apps.get_models() if issubclass(model, TenantRow)]

READS: dict[str, Callable[[Any], object]] = {
    "list": list,
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(pk=1),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "values": lambda rows: list(rows.values_list("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "in_bulk": lambda rows: rows.in_bulk([1]),
    "length": len,
    "filtered": lambda rows: list(rows.filter(pk=1).order_by("pk")),
    "sliced": lambda rows: list(rows[:1]),
    "joined": lambda rows: list(rows | rows),
    "membership test": lambda rows: rows.contains(rows.model(pk=1)),
}


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label_lower)
@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_a_query_that_names_no_tenant_is_refused(model: Any, read: Callable[[Any], object]) -> None:
    with pytest.raises(UnscopedQueryError):
        read(model.objects.all())


def test_the_tables_with_tenants_data_are_all_scoped() -> None:
    """A new table with a tenant must inherit the scope, or be listed here with its reason."""
    pointing = {model._meta.label for model in apps.get_models() if any(f.name == "tenant" for f in model._meta.fields)}
    platform_wide = {
        "tenants.Membership",  # decides what the scope is
        "tenants.AuditEntry",  # also holds entries of no tenant; its pages filter themselves
    }
    assert pointing - {model._meta.label for model in SCOPED} == platform_wide


@pytest.fixture
def two_flows(luna: Tenant, sol: Tenant) -> tuple[Flow, Flow]:
    return (
        flows.create_flow(tenant=luna, name="main", by=COMMAND),
        flows.create_flow(tenant=sol, name="main", by=COMMAND),
    )


def test_a_scope_shows_only_its_own_rows(
    two_flows: tuple[Flow, Flow], luna: Tenant, people: dict[str, User], operator: User
) -> None:
    ours, theirs = two_flows
    assert list(Flow.objects.for_tenant(luna)) == [ours]
    assert list(Flow.objects.for_user(people["viewer"])) == [ours]
    assert list(Flow.objects.for_user(people["stranger"])) == []
    assert set(Flow.objects.for_user(operator)) == {ours, theirs}
    assert set(Flow.objects.across_tenants("this test")) == {ours, theirs}
    assert list(luna.flows.all()) == [ours]


def test_people_lose_the_scope_with_their_account_or_membership(
    two_flows: tuple[Flow, Flow], people: dict[str, User], operator: User
) -> None:
    Membership.objects.filter(user=people["viewer"]).delete()
    User.objects.filter(pk__in=[people["editor"].pk, operator.pk]).update(is_active=False)
    for gone in (people["viewer"], people["editor"], operator):
        assert list(Flow.objects.for_user(User.objects.get(pk=gone.pk))) == []


def test_a_query_across_tenants_needs_a_reason() -> None:
    with pytest.raises(UnscopedQueryError):
        Flow.objects.across_tenants("")


def test_uniqueness_is_still_checked_across_the_scope(luna: Tenant) -> None:
    Credential.objects.create(tenant=luna, field="connectors.llm.api_key", ciphertext="x")
    with pytest.raises(ValidationError):
        Credential(tenant=luna, field="connectors.llm.api_key", ciphertext="y").full_clean()
    with pytest.raises(UnscopedQueryError):
        Credential.objects.count()
