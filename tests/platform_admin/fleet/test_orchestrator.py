"""Wanted against actual: the fleet's verbs, and one pass of the orchestrator over a driver kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from platform_admin.errors import ConflictError, NotAllowedError
from platform_admin.fleet.actions import deploy, remove, suspend
from platform_admin.fleet.driver import RuntimeDriver, RuntimeState, SecretFile, SeenRuntime, WantedRuntime
from platform_admin.fleet.drivers.errors import (
    DriverError,
    EngineUnreachableError,
    ImageMissingError,
    PortTakenError,
    QuotaExceededError,
    RefusedError,
)
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.ingress import Ingress, IngressError
from platform_admin.fleet.models import FIRST_PORT, Deployment
from platform_admin.fleet.orchestrator import Orchestrator, Pass, WishOf
from platform_admin.fleet.queries import deployment_of, open_rollout
from platform_admin.fleet.upgrades import go_on, upgrade
from platform_admin.releases.provisioning import provision
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.lifecycle import ask_to_delete, delete_now
from platform_admin.tenants.models import AuditEntry, Tenant, User

pytestmark = pytest.mark.django_db

SHELL = CommandActor("test")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)

type MakeTenant = Callable[[str], Tenant]


@pytest.fixture
def tenant_of() -> MakeTenant:
    def make(slug: str) -> Tenant:
        tenant, _ = provision(slug=slug, name=slug.title(), language="es", timezone="UTC", channel=None, by=SHELL)
        return tenant

    return make


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


def deployed_ports() -> list[tuple[str, int]]:
    rows = Deployment.objects.across_tenants("test").order_by("port")
    return [(row.tenant.slug, row.port) for row in rows]


def test_the_ports_of_tenants_count_up(tenant_of: MakeTenant) -> None:
    for slug in ("luna", "sol", "mar"):
        deploy(tenant=tenant_of(slug), by=SHELL)
    assert deployed_ports() == [("luna", FIRST_PORT), ("sol", FIRST_PORT + 1), ("mar", FIRST_PORT + 2)]


def test_deploying_twice_changes_nothing_and_is_written_down_once(tenant_of: MakeTenant) -> None:
    luna = tenant_of("luna")
    assert deploy(tenant=luna, by=SHELL).pk == deploy(tenant=luna, by=SHELL).pk
    assert AuditEntry.objects.filter(verb="deployed").count() == 1


def test_a_port_of_another_tenant_is_refused_and_nothing_is_stored(tenant_of: MakeTenant) -> None:
    deploy(tenant=tenant_of("luna"), by=SHELL, port=9001)
    with pytest.raises(ConflictError, match="Port 9001 belongs to another tenant's runtime"):
        deploy(tenant=tenant_of("sol"), by=SHELL, port=9001)
    assert deployed_ports() == [("luna", 9001)]


def test_a_privileged_port_is_refused(tenant_of: MakeTenant) -> None:
    with pytest.raises(ValidationError):
        deploy(tenant=tenant_of("luna"), by=SHELL, port=80)
    assert deployed_ports() == []


def test_only_operators_change_the_fleet(tenant_of: MakeTenant) -> None:
    luna = tenant_of("luna")
    owner = User.objects.create_user("owner@luna.example", "irrelevant")
    with pytest.raises(NotAllowedError):
        deploy(tenant=luna, by=owner)
    deployment = deploy(tenant=luna, by=SHELL)
    with pytest.raises(NotAllowedError):
        suspend(deployment=deployment, by=owner)
    deployment.refresh_from_db(from_queryset=Deployment.objects.for_tenant(luna))
    assert deployment.desired == Deployment.Desired.RUNNING


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
    "the engine says no": (
        RefusedError("luna", "container is\nmarked for removal."),
        "The engine refuses luna: container is marked for removal",
    ),
}


@pytest.mark.parametrize(("refusal", "told"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_for_one_tenant_is_noted_there_stops_no_other_and_is_mended_by_a_later_pass(
    tenant_of: MakeTenant, refusal: DriverError, told: str
) -> None:
    luna, sol = tenant_of("luna"), tenant_of("sol")
    deploy(tenant=luna, by=SHELL, port=9001)
    deploy(tenant=sol, by=SHELL, port=9002)
    driver = InMemoryDriver(refusals={"luna": refusal})
    one = orchestrator(driver)
    assert one.run_once() == Pass(running=2, ready=1, trouble={"luna": told})
    assert states(driver) == {"sol": "running"}
    assert seen(luna) == ("failed", NOON, told)
    assert seen(sol) == ("running", NOON, "")
    driver.refusals.clear()
    assert one.run_once() == Pass(running=2, ready=2)
    assert seen(luna) == ("running", NOON, "")


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


def moved(driver: InMemoryDriver) -> dict[str, str]:
    return {tenant: seen.image for tenant, seen in driver.seen().items()}


def test_an_upgrade_moves_canaries_first_and_ends_when_all_are_ready(tenant_of: MakeTenant) -> None:
    for slug, canary in (("luna", False), ("sol", True), ("mar", False)):
        deploy(tenant=tenant_of(slug), by=SHELL, canary=canary)
    driver = InMemoryDriver()
    one = orchestrator(driver)
    one.run_once()
    upgrade(image="runtime:2", by=SHELL, batch=1)
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
    upgrade(image="runtime:2", by=SHELL)
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
