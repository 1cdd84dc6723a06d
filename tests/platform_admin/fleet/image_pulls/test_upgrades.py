"""An upgrade to an image that has to be fetched first: waited for while it comes, and not for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from platform_admin.fleet.actions import deploy
from platform_admin.fleet.drivers.docker.pulls import FETCHED_WITHIN, Pulls
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.orchestrator import Orchestrator, Pass
from platform_admin.fleet.queries import open_rollout
from platform_admin.fleet.upgrades import upgrade
from platform_admin.tenants.models import Tenant
from tests.fakes.container_engine import ContainerEngine
from tests.platform_admin.fleet.image_pulls.registry import (
    NEW,
    OLD,
    SHELL,
    Clock,
    DriverWithRegistry,
    bare_wish,
    told,
    until,
)


@dataclass(slots=True)
class Upgrading:
    """luna, which runs, is upgraded to an image that has to be fetched."""

    one: Orchestrator
    clock: Clock

    def rollout_after(self, whole: timedelta) -> str:
        """How the rollout stands after passes each ten seconds; ``over`` where none is open."""
        until_then = self.clock.now + whole
        while self.clock.now < until_then:
            self.clock.now += timedelta(seconds=10)
            self.one.run_once()
        rollout = open_rollout()
        return "over" if rollout is None else rollout.state


@pytest.fixture
def upgrading(luna: Tenant, pulls: Pulls, clock: Clock) -> Upgrading:
    driver = DriverWithRegistry()
    driver.pulls = pulls
    deploy(tenant=luna, by=SHELL)
    Deployment.objects.for_tenant(luna).update(image=OLD)
    one = Orchestrator(driver, bare_wish, now=clock)
    assert one.run_once() == Pass(running=1, ready=1)
    upgrade(image=NEW, by=SHELL, soak=timedelta())
    return Upgrading(one, clock)


def parts_come(pulls: Pulls, engine: ContainerEngine) -> None:
    until(lambda: engine.pulls == [NEW])
    engine.tell(NEW, status="Downloading", id="a")
    until(lambda: "parts" in told(pulls))


@pytest.mark.django_db
def test_an_upgrade_waits_for_an_image_that_comes_and_its_patience_begins_when_it_is_there(
    upgrading: Upgrading, pulls: Pulls, engine: ContainerEngine
) -> None:
    upgrading.rollout_after(timedelta(seconds=20))
    parts_come(pulls, engine)
    assert upgrading.rollout_after(timedelta(minutes=25)) == "paused"
    engine.finish(NEW)
    assert pulls.wait()
    assert upgrading.rollout_after(timedelta(seconds=30)) == "over"


@pytest.mark.django_db
def test_an_upgrade_does_not_wait_for_ever(upgrading: Upgrading, pulls: Pulls, engine: ContainerEngine) -> None:
    upgrading.rollout_after(timedelta(seconds=20))
    parts_come(pulls, engine)
    assert upgrading.rollout_after(FETCHED_WITHIN) == "paused"
    assert upgrading.rollout_after(timedelta(minutes=3)) == "stopped"


@pytest.mark.django_db
def test_an_upgrade_does_not_wait_for_a_registry_that_says_nothing(
    upgrading: Upgrading, engine: ContainerEngine
) -> None:
    assert upgrading.rollout_after(timedelta(minutes=4)) == "stopped"
    assert engine.pulls == [NEW]


@pytest.mark.django_db
def test_an_upgrade_does_not_wait_for_an_image_that_there_is_not(upgrading: Upgrading, engine: ContainerEngine) -> None:
    engine.refusals[NEW] = (404, "manifest unknown")
    assert upgrading.rollout_after(timedelta(minutes=4)) == "stopped"
