"""Several orchestrators on one database: each runs what is at its place, and stops acting when it leads no more."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from platform_admin.errors import ConflictError
from platform_admin.fleet.actions import deploy, remove, suspend
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.orchestrator import Orchestrator, Pass
from platform_admin.fleet.queries import required_deployment
from platform_admin.releases.provisioning import provision
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant

pytestmark = pytest.mark.django_db

SHELL = CommandActor("test")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def deployed(slug: str, *, driver: str = "docker") -> Tenant:
    tenant, _ = provision(slug=slug, name=slug.title(), language="es", timezone="UTC", channel=None, by=SHELL)
    deploy(tenant=tenant, by=SHELL, driver=driver)
    return tenant


class Lead:
    """Held for so many questions."""

    def __init__(self, times: int) -> None:
        self.times = times

    def holds(self) -> bool:
        self.times -= 1
        return self.times >= 0


def orchestrator(
    driver: InMemoryDriver, place: str, *, driver_name: str = "docker", lead: Lead | None = None
) -> Orchestrator:
    def wish(deployment: Deployment) -> WantedRuntime:
        return WantedRuntime(deployment.tenant.slug, image=deployment.image, port=deployment.port)

    leads = lead.holds if lead else lambda: True
    return Orchestrator(driver, wish, driver_name=driver_name, place=place, leads=leads, now=lambda: NOON)


def test_a_tenant_stays_where_it_was_taken_and_no_other_place_starts_it_on_an_empty_volume() -> None:
    luna = deployed("luna")
    here, elsewhere = InMemoryDriver(), InMemoryDriver()
    assert orchestrator(here, "one").run_once() == Pass(running=1, ready=1)
    assert orchestrator(elsewhere, "two").run_once() == Pass()
    assert (required_deployment(luna).place, [*here.seen()], [*elsewhere.seen()]) == ("one", ["luna"], [])


def test_a_tenant_of_another_place_is_neither_stopped_nor_removed_here() -> None:
    luna = deployed("luna")
    here, elsewhere = InMemoryDriver(), InMemoryDriver()
    orchestrator(here, "one").run_once()
    elsewhere.apply(WantedRuntime("luna"))  # as another platform's on that engine
    for verb in (suspend, remove):
        verb(deployment=required_deployment(luna), by=SHELL)
        assert orchestrator(elsewhere, "two").run_once() == Pass(strangers=("luna",))
    assert elsewhere.asked == [("start", "luna")]


def test_a_tenant_goes_to_another_place_when_somebody_says_so_or_takes_another_driver() -> None:
    luna = deployed("luna")
    here, there = InMemoryDriver(), InMemoryDriver()
    orchestrator(here, "one").run_once()
    with pytest.raises(ConflictError, match="luna runs on docker, and would run twice"):
        deploy(tenant=luna, by=SHELL, place="two")
    suspend(deployment=required_deployment(luna), by=SHELL)
    orchestrator(here, "one").run_once()
    deploy(tenant=luna, by=SHELL, place="two")
    assert orchestrator(there, "two").run_once() == Pass(running=1, ready=1)
    suspend(deployment=required_deployment(luna), by=SHELL)
    orchestrator(there, "two").run_once()
    deploy(tenant=luna, by=SHELL, driver="process")
    assert required_deployment(luna).place == ""
    assert orchestrator(InMemoryDriver(), "three", driver_name="process").run_once() == Pass(running=1, ready=1)


def test_who_loses_the_lead_in_the_middle_of_a_pass_changes_nothing_more() -> None:
    for slug in ("luna", "sol", "mar"):
        deployed(slug)
    driver = InMemoryDriver()
    told = "The lead was lost in the middle of a pass; whoever has it goes on."
    assert orchestrator(driver, "one", lead=Lead(2)).run_once() == Pass(trouble={"leadership": told})
    assert [verb for verb, _ in driver.asked] == ["start", "start"]


PLACES = {
    "local processes are their host's": ({"FLEET_DRIVER": "process"}, "frontdesk@box"),
    "an engine behind a socket is its host's": (
        {"FLEET_DRIVER": "docker", "FLEET_ENGINE": "unix:///run/podman/podman.sock"},
        "frontdesk@box",
    ),
    "an engine that is called over the network is one place for all": (
        {"FLEET_DRIVER": "docker", "DOCKER_HOST": "tcp://engine:2376"},
        "frontdesk@tcp://engine:2376",
    ),
    "a cluster is one place": ({"FLEET_DRIVER": "kubernetes", "FLEET_NAME": "bots"}, "bots"),
    "whatever somebody says": ({"FLEET_DRIVER": "process", "FLEET_PLACE": "shelf 3"}, "shelf 3"),
}


@pytest.mark.parametrize(("environment", "place"), PLACES.values(), ids=PLACES.keys())
def test_what_an_orchestrator_takes_for_its_place(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], place: str
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "box")
    assert FleetConfiguration.from_environment(environment).place == place


def test_what_a_tenant_that_moved_left_behind_is_told_of_until_somebody_deletes_it() -> None:
    luna = deployed("luna")
    here, elsewhere = InMemoryDriver(), InMemoryDriver()
    orchestrator(here, "one").run_once()
    suspend(deployment=required_deployment(luna), by=SHELL)
    orchestrator(here, "one").run_once()
    deploy(tenant=luna, by=SHELL, place="two")
    assert orchestrator(elsewhere, "two").run_once() == Pass(running=1, ready=1)
    assert orchestrator(here, "one").run_once() == Pass(left_behind=("luna",))
    here.apply(WantedRuntime("luna"))
    assert orchestrator(here, "one").run_once() == Pass(strangers=("luna",))
    here.remove("luna", keep_volume=False)
    assert orchestrator(here, "one").run_once() == Pass()
