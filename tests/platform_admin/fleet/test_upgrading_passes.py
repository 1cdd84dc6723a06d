"""An upgrade from pass to pass of the orchestrator."""

from __future__ import annotations

from datetime import timedelta

import pytest

from platform_admin.fleet.actions import deploy
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.orchestrator import Orchestrator
from platform_admin.fleet.queries import open_rollout
from platform_admin.fleet.upgrades import go_on, upgrade
from tests.platform_admin.fleet.passes import NOON, SHELL, MakeTenant, bare_wish, orchestrator

pytestmark = pytest.mark.django_db


def moved(driver: InMemoryDriver) -> dict[str, str]:
    return {tenant: seen.image for tenant, seen in driver.seen().items()}


def test_an_upgrade_moves_canaries_first_and_ends_when_all_are_ready(tenant_of: MakeTenant) -> None:
    for slug, canary in (("luna", False), ("sol", True), ("mar", False)):
        deploy(tenant=tenant_of(slug), by=SHELL, canary=canary)
    driver = InMemoryDriver()
    one = orchestrator(driver)
    one.run_once()
    upgrade(image="runtime:2", by=SHELL, batch=1, soak=timedelta())
    seen_images = []
    for _ in range(8):
        one.run_once()
        seen_images.append(sorted(tenant for tenant, image in moved(driver).items() if image == "runtime:2"))
    assert [*dict.fromkeys(map(tuple, seen_images))] == [
        (),
        ("sol",),
        ("luna", "sol"),
        ("luna", "mar", "sol"),
    ]
    assert open_rollout() is None
    late = deploy(tenant=tenant_of("late"), by=SHELL)
    assert late.image == "runtime:2"


def test_an_upgrade_that_fails_on_a_canary_goes_no_further_until_somebody_looked(tenant_of: MakeTenant) -> None:
    for slug, canary in (("luna", False), ("sol", True)):
        deploy(tenant=tenant_of(slug), by=SHELL, canary=canary)
    driver = InMemoryDriver()
    clock = [NOON]
    one = Orchestrator(driver, bare_wish, now=lambda: clock[0])
    one.run_once()
    driver.unready["runtime:2"] = "the database cannot be written"
    upgrade(image="runtime:2", by=SHELL, soak=timedelta())
    for _ in range(3):
        one.run_once()
    paused = open_rollout()
    assert paused is not None
    assert (paused.state, paused.reason) == ("paused", "Waits until it is ready: sol (the database cannot be written)")
    clock[0] += timedelta(minutes=4)
    one.run_once()
    stopped = open_rollout()
    assert stopped is not None
    assert stopped.state == "stopped"
    driver.unready.clear()
    one.run_once()
    assert moved(driver) == {"luna": "", "sol": "runtime:2"}
    go_on(by=SHELL)
    for _ in range(4):
        one.run_once()
    assert moved(driver) == {"luna": "runtime:2", "sol": "runtime:2"}
    assert open_rollout() is None
