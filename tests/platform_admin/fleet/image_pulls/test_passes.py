"""An image is fetched beside the passes of the orchestrator: a registry holds up nobody but who waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from platform_admin.fleet.actions import deploy
from platform_admin.fleet.driver import Readiness, SeenRuntime
from platform_admin.fleet.drivers.docker.pulls import Pulls
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.orchestrator import Orchestrator, Pass
from platform_admin.fleet.queries import required_deployment
from platform_admin.tenants.models import Tenant
from tests.fakes.container_engine import ContainerEngine
from tests.platform_admin.fleet.image_pulls.registry import (
    FETCHED,
    NEW,
    OLD,
    SHELL,
    Clock,
    DriverWithRegistry,
    bare_wish,
    until,
)


def row(tenant: Tenant) -> tuple[str, bool, str]:
    deployment = required_deployment(tenant)
    return deployment.seen, deployment.ready, deployment.reason


@pytest.mark.django_db
def test_a_registry_that_is_silent_holds_up_no_other_tenant(
    luna: Tenant, sol: Tenant, pulls: Pulls, engine: ContainerEngine, clock: Clock
) -> None:
    driver = DriverWithRegistry()
    driver.pulls = pulls
    for tenant, image in ((luna, NEW), (sol, OLD)):
        deploy(tenant=tenant, by=SHELL)
        Deployment.objects.for_tenant(tenant).update(image=image)
    one = Orchestrator(driver, bare_wish, now=clock)
    waits = f"{FETCHED}. luna starts when it is there."
    for _ in range(3):
        assert one.run_once() == Pass(running=2, ready=1, trouble={"luna": waits})
        assert (row(luna), row(sol)) == (("absent", False, waits), ("running", True, ""))
        clock.now += timedelta(seconds=1)
    until(lambda: engine.pulls == [NEW])
    engine.finish(NEW)
    pulls.wait()
    assert one.run_once() == Pass(running=2, ready=2)  # at once: to wait is no refusal, after which it is not asked
    assert driver.asked == [("start", "sol"), ("start", "luna")]


@pytest.mark.django_db
def test_the_one_that_serves_meanwhile_is_seen_to_run(
    luna: Tenant, pulls: Pulls, engine: ContainerEngine, clock: Clock
) -> None:
    driver = DriverWithRegistry()
    driver.pulls = pulls
    deploy(tenant=luna, by=SHELL)
    Deployment.objects.for_tenant(luna).update(image=OLD)
    one = Orchestrator(driver, bare_wish, now=clock)
    assert one.run_once() == Pass(running=1, ready=1)
    Deployment.objects.for_tenant(luna).update(image=NEW, wish=None)
    one.run_once()
    assert row(luna) == ("running", False, f"{FETCHED}. luna starts when it is there.")
    assert driver.seen()["luna"].image == OLD
    assert driver.readiness("luna") == Readiness(ready=True)
    until(lambda: engine.pulls == [NEW])


@pytest.mark.django_db
def test_a_pull_that_failed_is_the_tenants_reason(
    luna: Tenant, pulls: Pulls, engine: ContainerEngine, clock: Clock
) -> None:
    driver = DriverWithRegistry()
    driver.pulls = pulls
    engine.refusals[NEW] = (404, "manifest unknown")
    deploy(tenant=luna, by=SHELL)
    Deployment.objects.for_tenant(luna).update(image=NEW)
    one = Orchestrator(driver, bare_wish, now=clock)
    one.run_once()
    pulls.wait()
    one.run_once()
    missing = f"The image {NEW} for luna is not there (manifest unknown). Build or push it, or choose another version."
    assert row(luna) == ("failed", False, missing)
    assert driver.seen() == dict[str, SeenRuntime]()
