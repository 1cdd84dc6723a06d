"""Wanted against actual: the fleet's verbs, and one pass of the orchestrator over a driver kept in memory."""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from flow_engine.bundle import read_public_keys
from platform_admin.errors import ConflictError, NotAllowedError
from platform_admin.fleet.actions import deploy, suspend
from platform_admin.fleet.drivers.errors import PortTakenError
from platform_admin.fleet.drivers.port import RuntimeSpec, RuntimeState, RuntimeStatus
from platform_admin.fleet.models import FIRST_PORT, Deployment
from platform_admin.fleet.orchestrator import reconcile
from platform_admin.fleet.queries import deployment_of
from platform_admin.fleet.runtime_files import runtime_spec
from platform_admin.releases.provisioning import provision
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import AuditEntry, Tenant, User
from platform_admin.tenants.queries import runtime_token_of

pytestmark = pytest.mark.django_db

SHELL = CommandActor("test")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)

type MakeTenant = Callable[[str], Tenant]


class MemoryDriver:
    """A ``RuntimeDriver`` whose runtimes are entries in a dictionary."""

    def __init__(self, *, taken: frozenset[int] = frozenset()) -> None:
        self.running: dict[str, RuntimeSpec] = {}
        self._taken = taken

    def start(self, spec: RuntimeSpec) -> None:
        if spec.port in self._taken:
            raise PortTakenError(spec.port, tenant=spec.tenant)
        self.running[spec.tenant] = spec

    def stop(self, tenant: str) -> None:
        self.running.pop(tenant, None)

    def status(self, tenant: str) -> RuntimeStatus:
        return RuntimeStatus(RuntimeState.RUNNING if tenant in self.running else RuntimeState.STOPPED)

    def logs(self, tenant: str) -> Sequence[str]:
        return ()

    def close(self) -> None:
        self.running.clear()


@pytest.fixture
def tenant_of() -> MakeTenant:
    def make(slug: str) -> Tenant:
        tenant, _ = provision(slug=slug, name=slug.title(), language="es", timezone="UTC", channel=None, by=SHELL)
        return tenant

    return make


def bare_spec(deployment: Deployment) -> RuntimeSpec:
    return RuntimeSpec(deployment.tenant.slug, deployment.port, Path("/nowhere"))


def seen(tenant: Tenant) -> tuple[str, datetime | None, str]:
    deployment = deployment_of(tenant)
    assert deployment is not None
    return deployment.seen, deployment.seen_at, deployment.reason


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


def test_a_pass_starts_what_is_wanted_and_stops_what_is_not(tenant_of: MakeTenant) -> None:
    luna, sol = tenant_of("luna"), tenant_of("sol")
    driver = MemoryDriver()
    suspended = deploy(tenant=sol, by=SHELL)
    deploy(tenant=luna, by=SHELL)
    reconcile(driver, bare_spec, now=lambda: NOON)
    assert set(driver.running) == {"luna", "sol"}
    suspend(deployment=suspended, by=SHELL)
    reconcile(driver, bare_spec, now=lambda: NOON)
    assert set(driver.running) == {"luna"}
    assert seen(luna) == ("running", NOON, "")
    assert seen(sol) == ("stopped", NOON, "")


def test_a_runtime_that_nobody_wrote_down_is_left_alone() -> None:
    driver = MemoryDriver()
    driver.start(RuntimeSpec("stranger", 9001, Path("/nowhere")))
    reconcile(driver, bare_spec)
    assert set(driver.running) == {"stranger"}


def test_a_refusal_for_one_tenant_is_noted_there_and_stops_no_other(tenant_of: MakeTenant) -> None:
    luna, sol = tenant_of("luna"), tenant_of("sol")
    deploy(tenant=luna, by=SHELL, port=9001)
    deploy(tenant=sol, by=SHELL, port=9002)
    driver = MemoryDriver(taken=frozenset({9001}))
    reconcile(driver, bare_spec, now=lambda: NOON)
    assert set(driver.running) == {"sol"}
    reason = "Port 9001 is taken by another program. Stop it, or give luna another port."
    assert seen(luna) == ("failed", NOON, reason)
    assert seen(sol) == ("running", NOON, "")


def test_a_runtime_gets_its_secrets_as_files_for_their_owner_only(tenant_of: MakeTenant, tmp_path: Path) -> None:
    luna = tenant_of("luna")
    deployment = deploy(tenant=luna, by=SHELL)
    spec = runtime_spec(deployment, folder=tmp_path / "luna", control_plane_url="http://127.0.0.1:8001", by=SHELL)
    files = {name: Path(spec.environment[name]) for name in spec.environment if name.endswith("_FILE")}
    assert set(files) == {"RUNTIME_TOKEN_FILE", "TENANT_FERNET_KEYS_FILE", "BUNDLE_PUBLIC_KEYS_FILE"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
    token = files["RUNTIME_TOKEN_FILE"].read_text().strip()
    row = runtime_token_of(token)
    assert row is not None
    assert row.tenant == luna
    assert len(read_public_keys(files["BUNDLE_PUBLIC_KEYS_FILE"].read_bytes())) == 1
    assert token not in str(spec)


def test_secrets_that_are_there_are_kept_and_lost_ones_issued_anew(tenant_of: MakeTenant, tmp_path: Path) -> None:
    deployment = deploy(tenant=tenant_of("luna"), by=SHELL)

    def token() -> str:
        spec = runtime_spec(deployment, folder=tmp_path, control_plane_url="http://127.0.0.1:8001", by=SHELL)
        return Path(spec.environment["RUNTIME_TOKEN_FILE"]).read_text()

    first = token()
    assert token() == first
    (tmp_path / "secrets" / "tenant_fernet_keys").unlink()
    assert token() != first
