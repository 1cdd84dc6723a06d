"""One pass of the orchestrator over a driver kept in memory: what the tests of its passes have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from platform_admin.fleet.driver import RuntimeDriver, SecretFile, WantedRuntime
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.ingress import Ingress
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.orchestrator import Orchestrator, WishOf
from platform_admin.fleet.queries import deployment_of
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant

SHELL = CommandActor("test")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)

type MakeTenant = Callable[[str], Tenant]


def bare_wish(deployment: Deployment) -> WantedRuntime:
    token = SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", "a token\n")
    return WantedRuntime(deployment.tenant.slug, image=deployment.image, secrets=(token,), port=deployment.port)


def orchestrator(driver: RuntimeDriver, *, wish_of: WishOf = bare_wish, ingress: Ingress | None = None) -> Orchestrator:
    return Orchestrator(driver, wish_of, ingress=ingress, now=lambda: NOON)


def states(driver: InMemoryDriver) -> dict[str, str]:
    return {tenant: seen.state.value for tenant, seen in driver.seen().items()}


def seen(tenant: Tenant) -> tuple[str, datetime | None, str]:
    deployment = deployment_of(tenant)
    assert deployment is not None
    return deployment.seen, deployment.seen_at, deployment.reason
