"""The verb that wants a runtime running: its port, its driver, and who may say it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from platform_admin.errors import ConflictError, NotAllowedError
from platform_admin.fleet.actions import deploy, suspend
from platform_admin.fleet.models import FIRST_PORT, Deployment
from platform_admin.fleet.queries import deployment_of
from platform_admin.tenants.models import AuditEntry, User
from tests.platform_admin.fleet.passes import SHELL, MakeTenant

pytestmark = pytest.mark.django_db


def deployed_ports() -> list[tuple[str, int]]:
    rows = Deployment.objects.across_tenants("test").order_by("port")
    return [(row.tenant.slug, row.port) for row in rows]


def test_the_ports_of_tenants_count_up(tenant_of: MakeTenant) -> None:
    for slug in ("luna", "sol", "mar"):
        deploy(tenant=tenant_of(slug), by=SHELL)
    assert deployed_ports() == [("luna", FIRST_PORT), ("sol", FIRST_PORT + 1), ("mar", FIRST_PORT + 2)]


def test_deploying_twice_changes_nothing_and_is_written_down_once(tenant_of: MakeTenant) -> None:
    luna = tenant_of("luna")
    assert deploy(tenant=luna, by=SHELL).pk == deploy(tenant=luna, by=SHELL).pk
    assert AuditEntry.objects.filter(verb="deployed").count() == 1


def test_a_port_of_another_tenant_is_refused_and_nothing_is_stored(tenant_of: MakeTenant) -> None:
    deploy(tenant=tenant_of("luna"), by=SHELL, port=9001)
    with pytest.raises(ConflictError, match="Port 9001 belongs to another tenant's runtime"):
        deploy(tenant=tenant_of("sol"), by=SHELL, port=9001)
    assert deployed_ports() == [("luna", 9001)]


def test_a_privileged_port_is_refused(tenant_of: MakeTenant) -> None:
    with pytest.raises(ValidationError):
        deploy(tenant=tenant_of("luna"), by=SHELL, port=80)
    assert deployed_ports() == []


@pytest.mark.parametrize(
    ("desired", "last_seen", "moves"),
    [
        ("running", "running", False),
        ("running", "unknown", False),
        ("stopped", "running", False),
        ("removed", "restarting", False),
        ("stopped", "stopped", True),
        ("removed", "absent", True),
        ("stopped", "failed", True),  # its engine may be gone for good
    ],
)
def test_another_driver_gets_a_tenant_only_when_the_first_one_runs_it_no_more(
    tenant_of: MakeTenant, desired: str, last_seen: str, *, moves: bool
) -> None:
    luna = tenant_of("luna")
    deploy(tenant=luna, by=SHELL, driver="docker")
    Deployment.objects.for_tenant(luna).update(desired=desired, seen=last_seen)
    if moves:
        assert deploy(tenant=luna, by=SHELL, driver="kubernetes").driver == "kubernetes"
        return
    with pytest.raises(
        ConflictError, match=r"luna runs on docker, and would run twice\. To move it: .* fleet stop luna"
    ):
        deploy(tenant=luna, by=SHELL, driver="kubernetes")
    stored = deployment_of(luna)
    assert stored is not None
    assert (stored.driver, stored.desired) == ("docker", desired)
    assert AuditEntry.objects.filter(verb="deployed").count() == 1
    assert deploy(tenant=luna, by=SHELL, driver="docker").driver == "docker"


def test_only_operators_change_the_fleet(tenant_of: MakeTenant) -> None:
    luna = tenant_of("luna")
    owner = User.objects.create_user("owner@luna.example", "irrelevant")
    with pytest.raises(NotAllowedError):
        deploy(tenant=luna, by=owner)
    deployment = deploy(tenant=luna, by=SHELL)
    with pytest.raises(NotAllowedError):
        suspend(deployment=deployment, by=owner)
    deployment.refresh_from_db(from_queryset=Deployment.objects.for_tenant(luna))
    assert deployment.desired == Deployment.Desired.RUNNING
