"""What an engine refuses, and an engine that is not there: told in one line, and mended by a later pass."""

from __future__ import annotations

import errno

import pytest

from platform_admin.fleet.actions import deploy
from platform_admin.fleet.drivers.backoff import FIRST_PAUSE
from platform_admin.fleet.drivers.errors import (
    DriverError,
    EngineUnreachableError,
    ImageMissingError,
    PortTakenError,
    QuotaExceededError,
    RefusedError,
)
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.orchestrator import Orchestrator, Pass
from tests.platform_admin.fleet.passes import NOON, SHELL, MakeTenant, bare_wish, orchestrator, seen, states

pytestmark = pytest.mark.django_db

REFUSALS = {
    "the port is taken": (
        PortTakenError(9001, tenant="luna"),
        "Port 9001 is taken by another program. Stop it, or give luna another port.",
    ),
    "the image is missing": (
        ImageMissingError("runtime:2", tenant="luna"),
        "The image runtime:2 for luna is not there. Build or push it, or choose another version.",
    ),
    "the quota is exceeded": (
        QuotaExceededError("luna", "exceeded quota: memory\n"),
        "There is no room for luna: exceeded quota: memory. Raise the quota or lower its limits.",
    ),
    "the disk is full": (
        OSError(errno.ENOSPC, "No space left on device", "/srv/luna/secrets/token"),
        "The orchestrator's machine says: No space left on device (/srv/luna/secrets/token). It is tried again.",
    ),
    "the engine says no": (
        RefusedError("luna", "container is\nmarked for removal."),
        "The engine refuses luna: container is marked for removal",
    ),
}


@pytest.mark.parametrize(("refusal", "told"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_for_one_tenant_is_noted_there_stops_no_other_and_is_mended_by_a_later_pass(
    tenant_of: MakeTenant, refusal: DriverError | OSError, told: str
) -> None:
    luna, sol = tenant_of("luna"), tenant_of("sol")
    deploy(tenant=luna, by=SHELL, port=9001)
    deploy(tenant=sol, by=SHELL, port=9002)
    driver, clock = InMemoryDriver(refusals={"luna": refusal}), [NOON]
    one = Orchestrator(driver, bare_wish, now=lambda: clock[0])
    assert one.run_once() == Pass(running=2, ready=1, trouble={"luna": told})
    assert states(driver) == {"sol": "running"}
    assert seen(luna) == ("failed", NOON, told)
    assert seen(sol) == ("running", NOON, "")
    driver.refusals.clear()
    clock[0] += FIRST_PAUSE
    assert one.run_once() == Pass(running=2, ready=2)
    assert seen(luna) == ("running", clock[0], "")


def test_an_engine_that_does_not_answer_is_told_of_and_nothing_is_asked(tenant_of: MakeTenant) -> None:
    luna = tenant_of("luna")
    deploy(tenant=luna, by=SHELL)
    driver = InMemoryDriver(refusals={"*": EngineUnreachableError("The container engine", "connection refused")})
    told = "The container engine does not answer (connection refused). Start it; nothing was changed meanwhile."
    one = orchestrator(driver)
    assert one.run_once() == Pass(trouble={"process": told})
    assert (driver.asked, seen(luna)) == ([], ("failed", NOON, told))
    driver.refusals.clear()
    assert one.run_once() == Pass(running=1, ready=1)


ENGINE_TROUBLE = {
    "it does not know our token": (
        RefusedError("the fleet", "its API server does not know our token"),
        "The engine refuses the fleet: its API server does not know our token",
    ),
    "its folder cannot be read": (
        OSError(errno.EIO, "Input/output error", "/srv/fleet"),
        "The orchestrator's machine says: Input/output error (/srv/fleet). It is tried again.",
    ),
}


@pytest.mark.parametrize(("trouble", "told"), ENGINE_TROUBLE.values(), ids=ENGINE_TROUBLE.keys())
def test_an_engine_that_shows_nothing_is_told_of_for_all_and_looked_at_again(
    tenant_of: MakeTenant, trouble: DriverError | OSError, told: str
) -> None:
    luna, sol = tenant_of("luna"), tenant_of("sol")
    for tenant in (luna, sol):
        deploy(tenant=tenant, by=SHELL)
    driver = InMemoryDriver()
    one = orchestrator(driver)
    one.run_once()
    driver.refusals["*"] = trouble
    assert one.run_once() == Pass(trouble={"process": told})
    assert seen(luna) == seen(sol) == ("failed", NOON, told)
    driver.refusals.clear()
    assert one.run_once() == Pass(running=2, ready=2)
    assert driver.asked == [("start", "luna"), ("start", "sol")]


def test_a_runtime_that_cannot_be_asked_is_not_ready_and_stops_no_other(tenant_of: MakeTenant) -> None:
    luna, sol = tenant_of("luna"), tenant_of("sol")
    for tenant in (luna, sol):
        deploy(tenant=tenant, by=SHELL)
    driver = InMemoryDriver(deaf={"luna": RefusedError("luna", "container is not running")})
    told = "The engine refuses luna: container is not running"
    one = orchestrator(driver)
    assert one.run_once() == Pass(running=2, ready=1, trouble={"luna": told})
    assert (seen(luna), seen(sol)) == (("running", NOON, told), ("running", NOON, ""))
    driver.deaf.clear()
    assert one.run_once() == Pass(running=2, ready=2)
