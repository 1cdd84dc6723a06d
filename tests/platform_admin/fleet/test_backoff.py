"""Who is not brought about is asked for again after growing pauses, and holds up no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import override

import pytest

from platform_admin.fleet.actions import deploy, remove, suspend
from platform_admin.fleet.driver import RuntimeState, SecretFile, WantedRuntime
from platform_admin.fleet.drivers.errors import EngineUnreachableError, ImageMissingError, RefusedError
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.orchestrator import Orchestrator, Pass
from platform_admin.fleet.queries import required_deployment
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant

pytestmark = pytest.mark.django_db

SHELL = CommandActor("test")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
MISSING = ImageMissingError("runtime:2", tenant="luna")


@dataclass(slots=True)
class SlowDriver(InMemoryDriver):
    """Notes when it was asked, in seconds after noon; each ``apply`` takes ``takes_s``."""

    fleet: Fleet | None = None
    applied: list[float] = field(default_factory=list)
    stopped: list[float] = field(default_factory=list)
    takes_s: float = 0

    @override
    def apply(self, wanted: WantedRuntime) -> None:
        assert self.fleet is not None
        self.applied.append(self.fleet.seconds)
        self.fleet.now += timedelta(seconds=self.takes_s)
        InMemoryDriver.apply(self, wanted)

    @override
    def stop(self, tenant: str) -> None:
        assert self.fleet is not None
        self.stopped.append(self.fleet.seconds)
        InMemoryDriver.stop(self, tenant)


class Fleet:
    """One orchestrator, and a clock that moves a second from pass to pass."""

    def __init__(self) -> None:
        self.now = NOON
        self.token = "first"
        self.driver = SlowDriver(fleet=self)
        self.one = Orchestrator(self.driver, self._wish, now=lambda: self.now)

    def _wish(self, deployment: Deployment) -> WantedRuntime:
        token = SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", self.token)
        return WantedRuntime(deployment.tenant.slug, image=deployment.image, secrets=(token,), port=deployment.port)

    @property
    def seconds(self) -> float:
        return (self.now - NOON).total_seconds()

    def passes_until(self, second: float, *, before_each: Callable[[], None] = lambda: None) -> Pass:
        done = Pass()
        while self.seconds <= second:
            before_each()
            done = self.one.run_once()
            self.now += timedelta(seconds=1)
        return done


@pytest.fixture
def fleet() -> Fleet:
    return Fleet()


def test_who_is_refused_is_asked_again_after_pauses_that_double_up_to_a_minute(luna: Tenant, fleet: Fleet) -> None:
    deploy(tenant=luna, by=SHELL)
    fleet.driver.refusals["luna"] = MISSING
    done = fleet.passes_until(250)
    assert fleet.driver.applied == [0, 1, 3, 7, 15, 31, 63, 123, 183, 243]
    told = "The image runtime:2 for luna is not there. Build or push it, or choose another version."
    assert done == Pass(running=1, trouble={"luna": told})  # also while it is not asked
    row = required_deployment(luna)
    assert (row.seen, row.reason) == ("failed", told)
    assert row.seen_at == NOON + timedelta(seconds=240)  # by the minute


def test_the_pause_begins_when_an_attempt_has_ended(luna: Tenant, fleet: Fleet) -> None:
    deploy(tenant=luna, by=SHELL)
    fleet.driver.refusals["luna"] = MISSING
    fleet.driver.takes_s = 120  # a pull that times out
    fleet.passes_until(400)
    assert fleet.driver.applied == [0, 121, 243, 367]


def test_a_runtime_that_ends_again_and_again_is_started_at_once_and_then_after_pauses(
    luna: Tenant, fleet: Fleet
) -> None:
    deploy(tenant=luna, by=SHELL)
    fleet.passes_until(99)

    def it_ends() -> None:
        fleet.driver.change("luna", state=RuntimeState.RESTARTING, reason="ended with status 1")

    fleet.passes_until(170, before_each=it_ends)
    assert fleet.driver.applied == [0, 100, 101, 103, 107, 115, 131, 163]


def test_it_is_forgotten_once_it_was_ready_for_a_while(luna: Tenant, fleet: Fleet) -> None:
    deploy(tenant=luna, by=SHELL)
    fleet.driver.refusals["luna"] = MISSING
    fleet.passes_until(20)
    fleet.driver.refusals.clear()
    fleet.passes_until(45)
    assert fleet.driver.applied == [0, 1, 3, 7, 15, 31]
    fleet.driver.change("luna", state=RuntimeState.STOPPED)
    fleet.passes_until(46)
    fleet.driver.change("luna", state=RuntimeState.STOPPED)
    fleet.passes_until(47)
    assert fleet.driver.applied[6:] == [46, 47]


def test_a_runtime_that_is_ready_for_a_moment_between_its_ends_is_not_well(luna: Tenant, fleet: Fleet) -> None:
    deploy(tenant=luna, by=SHELL)
    fleet.passes_until(0)

    def it_ends_every_third_second() -> None:
        if fleet.seconds % 3 == 0:
            fleet.driver.change("luna", state=RuntimeState.RESTARTING)

    fleet.passes_until(60, before_each=it_ends_every_third_second)
    assert fleet.driver.applied == [0, 3, 6, 9, 13, 21, 37]


def another_image(luna: Tenant, fleet: Fleet) -> None:
    del fleet
    Deployment.objects.for_tenant(luna).update(image="runtime:3", wish=None)


def another_secret(luna: Tenant, fleet: Fleet) -> None:
    del luna
    fleet.token = "second"


@pytest.mark.parametrize("change", [another_image, another_secret])
def test_another_wish_is_asked_for_at_once_and_its_pauses_begin_anew(
    luna: Tenant, fleet: Fleet, change: Callable[[Tenant, Fleet], None]
) -> None:
    deploy(tenant=luna, by=SHELL)
    fleet.driver.refusals["luna"] = MISSING
    fleet.passes_until(34)
    change(luna, fleet)
    fleet.passes_until(40)
    assert fleet.driver.applied == [0, 1, 3, 7, 15, 31, 35, 36, 38]


def test_stopping_and_removing_wait_as_well_and_not_for_each_other(luna: Tenant, fleet: Fleet) -> None:
    deployment = deploy(tenant=luna, by=SHELL)
    fleet.passes_until(0)
    suspend(deployment=deployment, by=SHELL)
    fleet.driver.refusals["luna"] = RefusedError("luna", "it cannot be stopped")
    fleet.passes_until(9)
    assert fleet.driver.stopped == [1, 2, 4, 8]
    remove(deployment=deployment, by=SHELL)
    fleet.driver.refusals.clear()
    assert fleet.passes_until(10) == Pass()
    assert fleet.driver.seen()["luna"].state is RuntimeState.ABSENT


def test_an_engine_that_does_not_answer_makes_no_tenant_wait(luna: Tenant, fleet: Fleet) -> None:
    deploy(tenant=luna, by=SHELL)
    fleet.driver.refusals["luna"] = EngineUnreachableError("The container engine", "connection refused")
    fleet.passes_until(3)
    assert fleet.driver.applied == [0, 1, 2, 3]


def test_one_that_waits_holds_up_no_other(luna: Tenant, sol: Tenant, fleet: Fleet) -> None:
    for tenant in (luna, sol):
        deploy(tenant=tenant, by=SHELL)
    fleet.driver.refusals["luna"] = MISSING
    done = fleet.passes_until(10)
    assert (done.running, done.ready, [*done.trouble]) == (2, 1, ["luna"])
    assert fleet.driver.asked == [("start", sol.slug)]
