"""Suspending, resuming, deleting: by action and by command."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from platform_admin.credentials.actions import set_credential
from platform_admin.errors import ConflictError, NotAllowedError
from platform_admin.releases.models import Release
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.lifecycle import ask_to_delete, delete_now, owned_models, resume, suspend
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.business import COMMAND
from tests.platform_admin.reports import report, send
from tests.platform_admin.sight.seeded import seed

pytestmark = pytest.mark.django_db


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def rows_of(tenant: Tenant) -> int:
    return sum(model.objects.for_tenant(tenant).count() for model in owned_models())  # type: ignore[attr-defined] # every one is scoped


def test_a_suspended_tenants_runtime_hears_of_it_and_of_its_end(luna: Tenant, client: Client) -> None:
    token = issue_runtime_token(tenant=luna, by=COMMAND).clear
    run("suspend_tenant", "luna", "--reason", "not paid")
    assert send(client, token, report()).json()["suspended"] is True
    assert AuditEntry.objects.latest("pk").details == {"reason": "not paid"}
    run("suspend_tenant", "luna", "--resume")
    assert send(client, token, report()).json()["suspended"] is False


def test_deleting_waits_and_can_be_taken_back(luna: Tenant) -> None:
    seed(luna)
    told = json.loads(run("delete_tenant", "luna", "--confirm", "luna", "--json"))
    luna.refresh_from_db()
    assert luna.status == Tenant.Status.SUSPENDED
    assert luna.delete_after is not None
    assert told["delete_after"] == luna.delete_after.isoformat()
    with pytest.raises(ConflictError):
        delete_now(tenant=luna, by=COMMAND, now=timezone.now())
    resume(tenant=luna, by=COMMAND)
    with pytest.raises(ConflictError):
        delete_now(tenant=luna, by=COMMAND, now=timezone.now() + timedelta(days=99))
    assert Release.objects.for_tenant(luna).count() == 2


def test_when_its_time_has_come_every_row_goes_and_the_neighbours_stay(
    luna: Tenant, sol: Tenant, people: dict[str, User]
) -> None:
    for tenant in (luna, sol):
        seed(tenant)
        set_credential(tenant=tenant, field="channels.0.access_token", value="a secret of theirs", by=COMMAND)
    before = rows_of(sol)
    entries = AuditEntry.objects.filter(tenant=luna).count()
    ask_to_delete(tenant=luna, typed="luna", by=COMMAND)
    due = timezone.now() + timedelta(days=8)
    removed = delete_now(tenant=luna, by=COMMAND, now=due)
    assert rows_of(luna) == 0
    assert sum(removed.values()) > 40
    assert rows_of(sol) == before
    luna.refresh_from_db()
    assert (luna.slug, luna.name, luna.status) == ("luna", "luna", "deleted")
    assert luna.memberships.count() == 0
    assert AuditEntry.objects.filter(tenant=luna).count() == entries + 2
    assert people["owner"].is_active


def test_the_worker_deletes_who_is_due(luna: Tenant, sol: Tenant) -> None:
    ask_to_delete(tenant=luna, typed="luna", by=COMMAND, grace=timedelta(seconds=-1))
    Tenant.objects.filter(pk=sol.pk).update(delete_after=timezone.now() - timedelta(seconds=1))
    run("run_worker", "--once")
    assert dict(Tenant.objects.values_list("slug", "status")) == {"luna": "deleted", "sol": "active"}


@pytest.mark.parametrize("typed", ["", "sol", "LUNA", "luna "])
def test_the_slug_must_be_typed(typed: str, luna: Tenant) -> None:
    with pytest.raises(CommandError, match="Type luna to confirm"):
        run("delete_tenant", "luna", "--confirm", typed)
    luna.refresh_from_db()
    assert (luna.status, luna.delete_after) == ("active", None)


def test_a_trial_deletes_nothing(luna: Tenant) -> None:
    before = rows_of(luna)
    said = run("delete_tenant", "luna", "--confirm", "luna", "--grace-days", "0", "--dry-run")
    assert "This was a trial: nothing was changed." in said
    luna.refresh_from_db()
    assert (rows_of(luna), luna.status) == (before, "active")


def test_only_operators_do_any_of_it(luna: Tenant, people: dict[str, User]) -> None:
    for verb in (suspend, resume):
        with pytest.raises(NotAllowedError):
            verb(tenant=luna, by=people["owner"])
    with pytest.raises(NotAllowedError):
        ask_to_delete(tenant=luna, typed="luna", by=people["owner"])
    luna.refresh_from_db()
    assert luna.status == "active"


def test_the_list_of_tenants_says_how_each_stands(luna: Tenant, sol: Tenant) -> None:
    seed(luna)
    told = json.loads(run("tenants", "--json"))["tenants"]
    assert [(row["tenant"], row["live_serial"], bool(row["alerts"])) for row in told] == [
        ("luna", 2, True), ("sol", None, False),
    ]  # fmt: skip
    assert "luna" in run("tenants")
