"""A fleet on its way to another image or to other settings, pass by pass, over a driver kept in memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from platform_admin.fleet.actions import deploy, suspend
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.driver import RuntimeState, WantedRuntime
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.models import Deployment, Rollout
from platform_admin.fleet.orchestrator import Orchestrator
from platform_admin.fleet.queries import open_rollout, required_deployment
from platform_admin.fleet.upgrades import go_on, upgrade
from platform_admin.fleet.watch import ASKED_A_PASS
from platform_admin.releases.provisioning import provision
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant

pytestmark = pytest.mark.django_db

SHELL = CommandActor("test")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)

type Make = Callable[..., Tenant]


@pytest.fixture
def deployed() -> Make:
    """A tenant whose runtime is wanted."""

    def make(slug: str, *, canary: bool = False, driver: str = "process") -> Tenant:
        tenant, _ = provision(slug=slug, name=slug.title(), language="es", timezone="UTC", channel=None, by=SHELL)
        deploy(tenant=tenant, by=SHELL, canary=canary, driver=driver)
        return tenant

    return make


class Fleet:
    """An orchestrator whose clock stands still until it is told, and whose settings can be changed."""

    def __init__(self, driver_name: str = "process") -> None:
        self.driver = InMemoryDriver()
        self.settings = FleetConfiguration(image="runtime:1", passed_on={"GRAPH_VERSION": "v23.0"})
        self.now = NOON
        self.one = Orchestrator(self.driver, self._wish, driver_name=driver_name, now=lambda: self.now)

    def _wish(self, deployment: Deployment) -> WantedRuntime:
        settings = self.settings
        image = deployment.image or settings.image
        return WantedRuntime(
            deployment.tenant.slug, image=image, environment=settings.passed_on, resources=settings.resources,
            port=deployment.port,
        )  # fmt: skip

    def passes(self, count: int = 4, *, later: float = 0) -> None:
        """``later``: seconds that go by before the first."""
        self.now += timedelta(seconds=later)
        for _ in range(count):
            self.one.run_once()

    def on(self, image: str) -> set[str]:
        return {tenant for tenant, seen in self.driver.seen().items() if seen.image == image}

    def replaced(self) -> list[str]:
        return [tenant for verb, tenant in self.driver.asked if verb == "replace"]


def told() -> tuple[str, str] | None:
    rollout = open_rollout()
    return None if rollout is None else (str(rollout.state), rollout.reason)


def test_canaries_are_watched_for_a_time_before_the_others_go(deployed: Make) -> None:
    deployed("luna")
    deployed("sol", canary=True)
    fleet = Fleet()
    fleet.passes()
    upgrade(image="runtime:2", by=SHELL, soak=timedelta(seconds=60))
    fleet.passes()
    fleet.passes(later=59)
    assert (fleet.on("runtime:2"), told()) == ({"sol"}, ("paused", "Watches for 60 s whether it stays ready: sol"))
    fleet.passes(later=1)
    assert (fleet.on("runtime:2"), told()) == ({"luna", "sol"}, None)


def test_a_canary_that_was_ready_and_fails_then_holds_the_others_until_a_person_looks(deployed: Make) -> None:
    deployed("luna")
    deployed("sol", canary=True)
    fleet = Fleet()
    fleet.passes()
    upgrade(image="runtime:2", by=SHELL)
    fleet.passes()
    fleet.driver.unready["sol"] = "the database cannot be written"
    fleet.passes(later=61)
    assert told() == ("paused", "Waits until it is ready: sol (the database cannot be written)")
    fleet.passes(later=179)
    assert told() == ("paused", "Waits until it is ready: sol (the database cannot be written)")
    fleet.passes(later=1)
    assert told() == ("stopped", "Not ready after 180 s: sol (the database cannot be written)")
    assert fleet.on("runtime:2") == {"sol"}
    fleet.driver.unready.clear()
    fleet.passes()
    go_on(by=SHELL)
    fleet.passes(later=61)
    assert (fleet.on("runtime:2"), told()) == ({"luna", "sol"}, None)


def test_any_moved_tenant_that_is_not_ready_any_more_holds_an_upgrade_whoever_it_is(deployed: Make) -> None:
    slugs = [f"t{number:02}" for number in range(ASKED_A_PASS + 5)]
    for slug in slugs:
        deployed(slug)
    fleet = Fleet()
    fleet.passes()
    upgrade(image="runtime:2", by=SHELL, batch=len(slugs) - 1)
    fleet.passes()
    for failing in (slugs[0], slugs[-2]):
        fleet.driver.unready[failing] = "it hangs"
        fleet.passes(2)  # all of them are asked in two passes
        assert told() == ("paused", f"Waits until it is ready: {failing} (it hangs)")
        fleet.driver.unready.clear()
        fleet.passes()
    assert fleet.on("runtime:1") == {slugs[-1]}


def test_a_tenant_that_was_stopped_during_an_upgrade_comes_back_with_its_image(deployed: Make) -> None:
    deployed("luna")
    sol = deployed("sol")
    fleet = Fleet()
    fleet.passes()
    suspend(deployment=required_deployment(sol), by=SHELL)
    upgrade(image="runtime:2", by=SHELL)
    fleet.passes()
    assert told() is None
    deploy(tenant=sol, by=SHELL)
    fleet.passes()
    assert fleet.on("runtime:2") == {"luna", "sol"}


def test_a_tenant_that_moved_and_was_stopped_does_not_go_back_while_the_upgrade_is_under_way(deployed: Make) -> None:
    deployed("luna")
    sol = deployed("sol", canary=True)
    fleet = Fleet()
    fleet.passes()
    upgrade(image="runtime:2", by=SHELL, soak=timedelta())
    fleet.passes()
    upgrade(image="runtime:3", by=SHELL)
    fleet.passes()
    suspend(deployment=required_deployment(sol), by=SHELL)
    fleet.passes(1)
    deploy(tenant=sol, by=SHELL)
    fleet.passes(1)
    assert "sol" in fleet.on("runtime:3")


CHANGES = {
    "another image of the fleet": {"image": "runtime:2"},
    "another setting of runtimes": {"passed_on": {"GRAPH_VERSION": "v24.0"}},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_changed_settings_reach_canaries_first_and_go_no_further_when_these_fail(
    deployed: Make, change: dict[str, object]
) -> None:
    deployed("luna"), deployed("sol", canary=True)
    deployed("mar")
    fleet = Fleet()
    fleet.passes()
    fleet.settings = FleetConfiguration(**{"image": "runtime:1", "passed_on": {"GRAPH_VERSION": "v23.0"}} | change)  # type: ignore[arg-type] # fields by name
    fleet.driver.unready["sol"] = "no release is live"
    fleet.passes()
    assert fleet.replaced() == ["sol"]
    assert told() == ("paused", "Waits until it is ready: sol (no release is live)")
    fleet.passes(later=180)
    assert told() == ("stopped", "Not ready after 180 s: sol (no release is live)")
    fleet.driver.unready.clear()
    fleet.passes()
    go_on(by=SHELL)
    fleet.passes(later=61)
    assert sorted(fleet.replaced()) == ["luna", "mar", "sol"]
    assert told() is None


def test_settings_that_are_taken_back_reach_only_who_had_them(deployed: Make) -> None:
    deployed("luna")
    deployed("sol", canary=True)
    fleet = Fleet()
    before = fleet.settings
    fleet.passes()
    fleet.settings = FleetConfiguration(image="runtime:broken")
    fleet.driver.unready["runtime:broken"] = "it does not answer yet"
    fleet.passes()
    fleet.settings = before
    fleet.passes()
    assert (fleet.replaced(), fleet.on("runtime:1")) == (["sol", "sol"], {"luna", "sol"})


def test_whoever_waits_for_its_turn_is_mended_as_it_was(deployed: Make) -> None:
    deployed("luna")
    deployed("sol", canary=True)
    fleet = Fleet()
    fleet.passes()
    fleet.settings = FleetConfiguration(image="runtime:2")
    fleet.driver.unready["runtime:2"] = "it hangs"
    fleet.passes()
    fleet.driver.change("luna", state=RuntimeState.STOPPED)
    fleet.passes()
    assert (fleet.driver.seen()["luna"].state, fleet.on("runtime:1")) == (RuntimeState.RUNNING, {"luna"})


def test_what_somebody_decides_for_one_tenant_waits_for_no_other(deployed: Make) -> None:
    luna = deployed("luna")
    deployed("sol", canary=True)
    fleet = Fleet()
    fleet.passes()
    fleet.settings = FleetConfiguration(image="runtime:2")
    fleet.driver.unready["runtime:2"] = "it hangs"
    fleet.passes()
    deploy(tenant=luna, by=SHELL, port=9100)
    fleet.passes(1)
    assert fleet.driver.seen()["luna"].address == "luna:9100"


def test_an_upgrade_goes_over_all_drivers_and_is_done_when_the_last_is_there(deployed: Make) -> None:
    deployed("luna", driver="docker")
    deployed("sol", canary=True, driver="process")
    containers, processes = Fleet("docker"), Fleet("process")
    containers.passes()
    processes.passes()
    upgrade(image="runtime:2", by=SHELL)
    containers.passes()
    assert (containers.on("runtime:2"), told()) == (set(), ("paused", "Waits until it is ready: sol"))
    processes.passes()
    containers.passes(later=30)
    assert containers.on("runtime:2") == set()
    containers.passes(later=61)
    processes.passes(later=91)
    containers.passes()
    assert (containers.on("runtime:2"), processes.on("runtime:2"), told()) == ({"luna"}, {"sol"}, None)
    assert Rollout.objects.get().state == "done"
