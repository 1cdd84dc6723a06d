"""Runtimes that are taken away: with their volume, without it, and only because somebody said so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from platform_admin.fleet.actions import deploy, remove
from platform_admin.fleet.driver import RuntimeState, SeenRuntime, WantedRuntime
from platform_admin.fleet.drivers.errors import RefusedError
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.orchestrator import Orchestrator, Pass
from platform_admin.tenants.lifecycle import ask_to_delete, delete_now
from platform_admin.tenants.models import Tenant
from tests.platform_admin.fleet.passes import NOON, SHELL, MakeTenant, bare_wish, orchestrator, states

pytestmark = pytest.mark.django_db


class CountingDriver(InMemoryDriver):
    removals = 0

    def remove(self, tenant: str, *, keep_volume: bool) -> None:
        self.removals += 1
        InMemoryDriver.remove(self, tenant, keep_volume=keep_volume)


def test_a_removed_runtime_keeps_its_volume_until_its_time_is_over(tenant_of: MakeTenant) -> None:
    luna = tenant_of("luna")
    deployment = deploy(tenant=luna, by=SHELL)
    driver = InMemoryDriver()
    orchestrator(driver).run_once()
    remove(deployment=deployment, by=SHELL)
    assert orchestrator(driver).run_once() == Pass()
    assert driver.seen()["luna"] == SeenRuntime("luna", RuntimeState.ABSENT, has_volume=True)
    Deployment.objects.for_tenant(luna).update(volume_until=NOON)
    orchestrator(driver).run_once()
    assert driver.seen() == {}
    assert driver.asked[1:] == [("remove", "luna"), ("remove with volume", "luna")]


def test_who_is_removed_and_gone_is_asked_for_again_only_now_and_then(tenant_of: MakeTenant) -> None:
    deployment = deploy(tenant=tenant_of("luna"), by=SHELL)
    driver, clock = CountingDriver(), [NOON]
    one = Orchestrator(driver, bare_wish, now=lambda: clock[0])
    one.run_once()
    remove(deployment=deployment, by=SHELL)
    counted = []
    for later in (0, 1, 1, 600, 1):
        clock[0] += timedelta(seconds=later)
        one.run_once()
        counted.append(driver.removals)
    assert counted == [1, 1, 1, 2, 2]
    driver.apply(WantedRuntime("luna"))  # somebody brings it back by hand
    one.run_once()
    assert (driver.removals, driver.seen()["luna"].state) == (3, RuntimeState.ABSENT)


def test_what_a_half_made_runtime_leaves_is_taken_away_as_soon_as_it_is_removed_again(tenant_of: MakeTenant) -> None:
    luna = tenant_of("luna")
    driver = CountingDriver()
    one = orchestrator(driver)
    remove(deployment=deploy(tenant=luna, by=SHELL), by=SHELL)
    one.run_once()
    assert driver.removals == 1
    deployment = deploy(tenant=luna, by=SHELL)
    driver.refusals["luna"] = RefusedError("luna", "its secret is written, its container is not made")
    one.run_once()
    driver.refusals.clear()
    remove(deployment=deployment, by=SHELL)
    one.run_once()
    assert driver.removals == 2  # though no list shows anything of it


def test_a_removed_runtime_that_is_deployed_again_goes_on_with_its_volume(tenant_of: MakeTenant) -> None:
    luna = tenant_of("luna")
    driver = InMemoryDriver()
    remove(deployment=deploy(tenant=luna, by=SHELL), by=SHELL)
    orchestrator(driver).run_once()
    deploy(tenant=luna, by=SHELL)
    assert orchestrator(driver).run_once() == Pass(running=1, ready=1)
    assert [verb for verb, _ in driver.asked] == ["start"]


def test_the_runtime_of_a_deleted_tenant_goes_with_its_volume_and_nobody_elses(tenant_of: MakeTenant) -> None:
    luna, sol = tenant_of("luna"), tenant_of("sol")
    deploy(tenant=luna, by=SHELL)
    deploy(tenant=sol, by=SHELL)
    driver = InMemoryDriver()
    orchestrator(driver).run_once()
    ask_to_delete(tenant=luna, typed="luna", by=SHELL)
    orchestrator(driver).run_once()
    assert states(driver) == {"luna": "running", "sol": "running"}
    Tenant.objects.filter(pk=luna.pk).update(delete_after=NOON)
    delete_now(tenant=luna, by=SHELL, now=NOON)
    assert orchestrator(driver).run_once() == Pass(running=1, ready=1)
    assert states(driver) == {"sol": "running"}
