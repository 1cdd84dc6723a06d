"""Wanted against actual: passes of the orchestrator where nobody refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from platform_admin.fleet.actions import deploy, remove, suspend
from platform_admin.fleet.driver import RuntimeState, SecretFile, WantedRuntime
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.ingress import IngressError
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.orchestrator import Pass
from tests.platform_admin.fleet.passes import NOON, SHELL, MakeTenant, bare_wish, orchestrator, seen, states

pytestmark = pytest.mark.django_db


def test_a_pass_starts_what_is_wanted_and_stops_what_is_not(tenant_of: MakeTenant) -> None:
    luna, sol = tenant_of("luna"), tenant_of("sol")
    driver = InMemoryDriver()
    suspended = deploy(tenant=sol, by=SHELL)
    deploy(tenant=luna, by=SHELL)
    assert orchestrator(driver).run_once() == Pass(running=2, ready=2)
    assert states(driver) == {"luna": "running", "sol": "running"}
    suspend(deployment=suspended, by=SHELL)
    assert orchestrator(driver).run_once() == Pass(running=1, ready=1)
    assert states(driver) == {"luna": "running", "sol": "stopped"}
    assert seen(luna) == ("running", NOON, "")
    assert seen(sol) == ("stopped", NOON, "")


def test_more_passes_and_more_orchestrators_change_nothing(tenant_of: MakeTenant) -> None:
    deploy(tenant=tenant_of("luna"), by=SHELL)
    suspend(deployment=deploy(tenant=tenant_of("sol"), by=SHELL), by=SHELL)
    remove(deployment=deploy(tenant=tenant_of("mar"), by=SHELL), by=SHELL)
    driver = InMemoryDriver()
    first, second = orchestrator(driver), orchestrator(driver)
    first.run_once()
    asked = list(driver.asked)
    for one in (second, first, second):
        one.run_once()
    assert driver.asked == asked == [("start", "luna")]


def test_a_runtime_that_nobody_wrote_down_is_left_alone_and_told() -> None:
    driver = InMemoryDriver()
    driver.apply(WantedRuntime("stranger"))
    assert orchestrator(driver).run_once() == Pass(strangers=("stranger",))
    assert states(driver) == {"stranger": "running"}


def test_no_runtime_goes_when_the_rows_are_gone(tenant_of: MakeTenant) -> None:
    deploy(tenant=tenant_of("luna"), by=SHELL)
    driver = InMemoryDriver()
    orchestrator(driver).run_once()
    Deployment.objects.across_tenants("a table that was emptied by mistake").delete()
    assert orchestrator(driver).run_once() == Pass(strangers=("luna",))
    assert states(driver) == {"luna": "running"}


def test_nothing_is_deleted_when_the_substrate_shows_nothing(tenant_of: MakeTenant) -> None:
    remove(deployment=deploy(tenant=tenant_of("sol"), by=SHELL), by=SHELL)
    deploy(tenant=tenant_of("luna"), by=SHELL)
    driver = InMemoryDriver()
    orchestrator(driver).run_once()
    driver.close()  # as an engine whose list comes back empty
    orchestrator(driver).run_once()
    assert [verb for verb, _ in driver.asked] == ["start", "start"]
    assert [row.desired for row in Deployment.objects.across_tenants("test").order_by("port")] == ["removed", "running"]


BEHIND_OUR_BACK = {
    "stopped by hand": {"state": RuntimeState.STOPPED},
    "made anew by hand from another image": {"fingerprint": "0" * 16, "image": "somebody/else"},
    "half deleted: only its volume is left": {"state": RuntimeState.ABSENT, "fingerprint": "", "address": ""},
}


@pytest.mark.parametrize("change", BEHIND_OUR_BACK.values(), ids=BEHIND_OUR_BACK.keys())
def test_what_somebody_did_behind_our_back_is_mended_by_the_next_pass(
    tenant_of: MakeTenant, change: dict[str, object]
) -> None:
    deploy(tenant=tenant_of("luna"), by=SHELL)
    driver = InMemoryDriver()
    one = orchestrator(driver)
    one.run_once()
    before = driver.seen()["luna"]
    driver.change("luna", **change)
    assert one.run_once() == Pass(running=1, ready=1)
    assert driver.seen()["luna"] == before


def test_fresh_secrets_reach_a_runtime_without_a_restart(tenant_of: MakeTenant) -> None:
    deploy(tenant=tenant_of("luna"), by=SHELL)
    driver = InMemoryDriver()
    token = ["first"]
    secret = SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", "")
    one = orchestrator(
        driver, wish_of=lambda deployment: replace(bare_wish(deployment), secrets=(replace(secret, content=token[0]),))
    )
    one.run_once()
    token[0] = "second"
    one.run_once()
    assert driver.secrets == {"luna": {"runtime_token": "second"}}
    assert driver.asked == [("start", "luna")]


class NotedIngress:
    def __init__(self) -> None:
        self.led: list[dict[str, str]] = []
        self.refusal: IngressError | None = None

    def lead(self, routes: Mapping[str, str]) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.led.append(dict(routes))


def test_the_ingress_is_led_to_who_runs_and_its_trouble_stops_nobody(tenant_of: MakeTenant) -> None:
    luna, sol = tenant_of("luna"), tenant_of("sol")
    deploy(tenant=luna, by=SHELL, port=9001)
    suspended = deploy(tenant=sol, by=SHELL, port=9002)
    ingress = NotedIngress()
    one = orchestrator(InMemoryDriver(), ingress=ingress)
    one.run_once()
    suspend(deployment=suspended, by=SHELL)
    one.run_once()
    assert ingress.led == [{"luna": "luna:9001", "sol": "sol:9002"}, {"luna": "luna:9001"}]
    ingress.refusal = IngressError("The ingress does not answer.")
    assert one.run_once() == Pass(running=1, ready=1, trouble={"ingress": "The ingress does not answer."})
