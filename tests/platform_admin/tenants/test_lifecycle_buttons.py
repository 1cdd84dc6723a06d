"""No form gets round the lifecycle: the admin shows a tenant's state, and two buttons call the verbs."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from platform_admin.errors import ConflictError
from platform_admin.fleet.queries import deleted_slugs
from platform_admin.tenants.actions import save_tenant
from platform_admin.tenants.lifecycle import ask_to_delete, delete_now, resume, suspend
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import COMMAND, provisioned
from tests.platform_admin.sight.seeded import seed

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]


def page_of(tenant: Tenant) -> str:
    return f"{place_of(tenant)}change/"


def place_of(tenant: Tenant) -> str:
    return f"/admin/tenants/tenant/{tenant.pk}/"


def form(**more: str) -> dict[str, str]:
    return {"name": "Luna", "language": "es", "timezone": "Europe/Madrid", **more}


def standing(tenant: Tenant) -> tuple[str, bool]:
    """The stored status, and whether a day is set on which it is deleted."""
    stored = Tenant.objects.get(pk=tenant.pk)
    return stored.status, stored.delete_after is not None


@pytest.mark.parametrize("status", ["deleted", "suspended", "active"])
def test_the_form_of_a_tenant_does_not_change_its_state(status: str, luna: Tenant, as_operator: Client) -> None:
    seed(luna)
    ask_to_delete(tenant=luna, typed="luna", by=COMMAND)
    answer = as_operator.post(page_of(luna), form(status=status))
    assert answer.status_code == 302
    assert standing(luna) == ("suspended", True)
    assert Tenant.objects.get(pk=luna.pk).name == "Luna"
    assert deleted_slugs() == frozenset()
    assert AuditEntry.objects.latest("pk").details == {"fields": ["name"]}


def test_saving_a_tenant_keeps_a_state_that_somebody_else_set_meanwhile(luna: Tenant) -> None:
    seen = Tenant.objects.get(pk=luna.pk)
    suspend(tenant=luna, by=COMMAND)
    seen.name = "Luna"
    save_tenant(tenant=seen, changed=["name"], by=COMMAND)
    assert standing(luna) == ("suspended", False)
    assert Tenant.objects.get(pk=luna.pk).name == "Luna"


@pytest.mark.parametrize("field", ["status", "delete_after", "deleted_at"])
def test_saving_refuses_what_the_lifecycle_decides(field: str, luna: Tenant) -> None:
    luna.status = Tenant.Status.DELETED
    entries = AuditEntry.objects.count()
    with pytest.raises(ConflictError, match="suspend_tenant"):
        save_tenant(tenant=luna, changed=["name", field], by=COMMAND)
    assert standing(luna) == ("active", False)
    assert AuditEntry.objects.count() == entries


def test_the_buttons_suspend_with_a_reason_and_resume(luna: Tenant, as_operator: Client) -> None:
    assert b"suspend/" in as_operator.get(page_of(luna)).content
    assert as_operator.post(f"{place_of(luna)}suspend/", {"reason": "not paid"})["Location"] == page_of(luna)
    assert standing(luna) == ("suspended", False)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.details) == ("suspended tenant", {"reason": "not paid"})
    shown = as_operator.get(page_of(luna)).content
    assert b"resume/" in shown
    assert b"suspend/" not in shown
    as_operator.post(f"{place_of(luna)}resume/")
    assert standing(luna) == ("active", False)
    assert AuditEntry.objects.latest("pk").verb == "resumed tenant"


def test_resuming_ends_a_deletion_that_was_asked_for(luna: Tenant, as_operator: Client) -> None:
    ask_to_delete(tenant=luna, typed="luna", by=COMMAND)
    as_operator.post(f"{place_of(luna)}resume/")
    assert standing(luna) == ("active", False)
    with pytest.raises(ConflictError):
        delete_now(tenant=luna, by=COMMAND, now=timezone.now() + timedelta(days=99))


def test_suspending_does_not_end_a_deletion_that_was_asked_for(luna: Tenant) -> None:
    ask_to_delete(tenant=luna, typed="luna", by=COMMAND)
    suspend(tenant=luna, by=COMMAND)
    assert standing(luna) == ("suspended", True)


def test_a_tenant_that_answers_is_not_deleted_whatever_day_was_left_in_its_row(luna: Tenant) -> None:
    seed(luna)
    Tenant.objects.filter(pk=luna.pk).update(delete_after=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ConflictError):
        delete_now(tenant=luna, by=COMMAND, now=timezone.now())
    assert standing(luna)[0] == "active"


def test_a_verb_looks_at_the_row_and_not_at_what_was_read_before(luna: Tenant) -> None:
    seen = Tenant.objects.get(pk=luna.pk)
    ask_to_delete(tenant=luna, typed="luna", by=COMMAND, grace=timedelta(0))
    delete_now(tenant=luna, by=COMMAND, now=timezone.now())
    for verb in (suspend, resume):
        with pytest.raises(ConflictError, match="luna is deleted"):
            verb(tenant=seen, by=COMMAND)
    assert standing(luna) == ("deleted", False)


def test_a_deleted_tenant_has_no_button_and_its_address_says_so(luna: Tenant, as_operator: Client) -> None:
    ask_to_delete(tenant=luna, typed="luna", by=COMMAND, grace=timedelta(0))
    delete_now(tenant=luna, by=COMMAND, now=timezone.now())
    shown = as_operator.get(page_of(luna)).content
    assert b"resume/" not in shown
    assert b"suspend/" not in shown
    answer = as_operator.post(f"{place_of(luna)}resume/", follow=True)
    assert "luna is deleted." in answer.content.decode()
    assert standing(luna) == ("deleted", False)


def test_only_a_deletion_of_the_lifecycle_lets_a_volume_go(luna: Tenant, sol: Tenant) -> None:
    Tenant.objects.filter(pk=sol.pk).update(status=Tenant.Status.DELETED)
    ask_to_delete(tenant=luna, typed="luna", by=COMMAND, grace=timedelta(0))
    delete_now(tenant=luna, by=COMMAND, now=timezone.now())
    assert deleted_slugs() == {"luna"}


@pytest.mark.parametrize("verb", ["suspend", "resume"])
def test_the_buttons_are_pressed_and_not_followed(verb: str, luna: Tenant, as_operator: Client) -> None:
    assert as_operator.get(f"{place_of(luna)}{verb}/").status_code == 405
    assert as_operator.post(f"/admin/tenants/tenant/99999999/{verb}/").status_code == 404


def test_an_owner_does_not_press_them(luna: Tenant, people: dict[str, User], client: Client) -> None:
    User.objects.filter(pk=people["owner"].pk).update(is_staff=True)
    client.force_login(people["owner"])
    assert client.post(f"{place_of(luna)}suspend/").status_code == 403
    assert standing(luna) == ("active", False)


def test_what_a_form_wrote_before_is_set_right(luna: Tenant, sol: Tenant) -> None:
    """Deleted by the verb, called deleted by the form, taken up again by the form with the day left behind."""
    mar = provisioned("mar").tenant
    ask_to_delete(tenant=luna, typed="luna", by=COMMAND, grace=timedelta(0))
    delete_now(tenant=luna, by=COMMAND, now=timezone.now())
    Tenant.objects.filter(pk=luna.pk).update(deleted_at=None)
    Tenant.objects.filter(pk=sol.pk).update(status="deleted")
    Tenant.objects.filter(pk=mar.pk).update(delete_after=timezone.now())
    import_module("platform_admin.tenants.migrations.0010_deleted_by_the_lifecycle").set_right(apps, None)
    found = {slug: (status, deleted is not None) for slug, status, deleted in states()}
    assert found == {"luna": ("deleted", True), "sol": ("suspended", False), "mar": ("active", False)}
    assert standing(mar) == ("active", False)


def states() -> list[tuple[str, str, datetime | None]]:
    return list(Tenant.objects.values_list("slug", "status", "deleted_at"))
