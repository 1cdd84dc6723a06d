"""A pass over many tenants asks the database as often as one over few, and sees what changed all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from platform_admin.credentials.queries import tenant_fernet_keys
from platform_admin.fleet.actions import deploy, suspend
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.driver import RuntimeState
from platform_admin.fleet.drivers.errors import EngineUnreachableError, RefusedError
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.orchestrator import Orchestrator, Pass
from platform_admin.fleet.queries import required_deployment
from platform_admin.fleet.wish_book import WishBook
from platform_admin.fleet.wishes import wanted_runtime
from platform_admin.releases.signing_key import prepare_key
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import provisioned

pytestmark = pytest.mark.django_db

SHELL = CommandActor("test")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
CONFIGURATION = FleetConfiguration(image="runtime:1", place="here")


class Fleet:
    def __init__(self) -> None:
        self.now = NOON
        self.driver = InMemoryDriver()
        self.book = WishBook(CONFIGURATION, by=SHELL)
        self.one = Orchestrator(
            self.driver, self.book, place="here", now=lambda: self.now, before_wishes=self.book.open_anew
        )

    def queries(self, *, later: timedelta = timedelta(seconds=1)) -> int:
        self.now += later
        with CaptureQueriesContext(connection) as captured:
            self.one.run_once()
        return len(captured)


@pytest.fixture
def fleet() -> Fleet:
    return Fleet()


def deployed(*slugs: str) -> None:
    for slug in slugs:
        deploy(tenant=provisioned(slug).tenant, by=SHELL)


def without_engine(fleet: Fleet) -> int:
    fleet.driver.refusals["*"] = EngineUnreachableError("The container engine", "connection refused")
    count = fleet.queries(later=timedelta(minutes=1))
    fleet.driver.refusals.clear()
    fleet.one.run_once()
    return count


QUIET: dict[str, Callable[[Fleet], int]] = {
    "nothing changes": Fleet.queries,
    "the look is written down once a minute": lambda fleet: fleet.queries(later=timedelta(minutes=1)),
    "the engine does not answer": without_engine,
}


@pytest.mark.parametrize("count", QUIET.values(), ids=QUIET.keys())
def test_more_tenants_are_no_more_questions(fleet: Fleet, count: Callable[[Fleet], int]) -> None:
    deployed("luna", "sol")
    fleet.one.run_once()
    few = count(fleet)
    deployed("mar", "rio", "sal", "voz")
    fleet.one.run_once()
    assert count(fleet) == few
    assert fleet.one.run_once() == Pass(running=6, ready=6)


def test_the_minutes_look_is_written_for_all(fleet: Fleet) -> None:
    deployed("luna", "sol")
    fleet.one.run_once()
    fleet.queries(later=timedelta(seconds=59))
    rows = Deployment.objects.across_tenants("test")
    assert {row.seen_at for row in rows} == {NOON}
    fleet.queries()
    assert {row.seen_at for row in rows.all()} == {NOON + timedelta(minutes=1)}


def test_a_refusal_of_one_is_written_for_it_alone(fleet: Fleet) -> None:
    deployed("luna", "sol")
    fleet.one.run_once()
    fleet.driver.change("luna", state=RuntimeState.STOPPED)
    fleet.driver.refusals["luna"] = RefusedError("luna", "no")
    fleet.now += timedelta(seconds=1)
    fleet.one.run_once()
    rows = {row.tenant.slug: row for row in Deployment.objects.across_tenants("test").select_related("tenant")}
    assert [(rows[slug].seen, rows[slug].ready) for slug in ("luna", "sol")] == [("failed", False), ("running", True)]
    assert rows["luna"].ready_changed_at == fleet.now
    first = fleet.now
    fleet.now += timedelta(seconds=1)
    fleet.one.run_once()
    luna = required_deployment(rows["luna"].tenant)
    assert (luna.seen_at, luna.ready_changed_at) == (first, first)


def wish(fleet: Fleet, tenant: Tenant) -> object:
    fleet.book.open_anew()
    return fleet.book(required_deployment(tenant))


def test_it_is_the_wish_of_whoever_asks_for_one(luna: Tenant, fleet: Fleet) -> None:
    deploy(tenant=luna, by=SHELL)
    first = wish(fleet, luna)
    assert first == wanted_runtime(required_deployment(luna), CONFIGURATION, by=SHELL)
    assert wish(fleet, luna) is first


def changes_its_place(luna: Tenant) -> None:
    Deployment.objects.for_tenant(luna).update(place="elsewhere")


def changes_its_driver(luna: Tenant) -> None:
    Deployment.objects.for_tenant(luna).update(driver=Deployment.Driver.DOCKER)


@pytest.mark.parametrize("change", [changes_its_place, changes_its_driver])
def test_one_that_goes_elsewhere_between_two_questions_of_a_pass_keeps_its_keys_in_the_wish(
    luna: Tenant, fleet: Fleet, change: Callable[[Tenant], None]
) -> None:
    deploy(tenant=luna, by=SHELL)
    ours = required_deployment(luna)
    expected = wanted_runtime(ours, CONFIGURATION, by=SHELL)
    change(luna)
    fleet.book.open_anew()
    assert fleet.book(ours) == expected
    assert {secret.content for secret in expected.secrets} & {f"{key}\n" for key in tenant_fernet_keys(luna)}


def another_image(luna: Tenant) -> None:
    Deployment.objects.for_tenant(luna).update(image="runtime:2")


def another_port(luna: Tenant) -> None:
    deploy(tenant=luna, by=SHELL, port=9999)


def another_token(luna: Tenant) -> None:
    Deployment.objects.for_tenant(luna).update(sealed_token="")


def another_trusted_key(luna: Tenant) -> None:
    del luna
    prepare_key()


CHANGES = [another_image, another_port, another_token, another_trusted_key]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_it_is_made_from_makes_another_one(
    luna: Tenant, fleet: Fleet, change: Callable[[Tenant], None], settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "signing_key.pem").write_bytes(settings.SIGNING_KEY_FILE.read_bytes())
    settings.SIGNING_KEY_FILE = tmp_path / "signing_key.pem"
    deploy(tenant=luna, by=SHELL)
    first = wish(fleet, luna)
    change(luna)
    second = wish(fleet, luna)
    assert second != first
    assert second == wanted_runtime(required_deployment(luna), CONFIGURATION, by=SHELL)


def test_a_tenant_that_is_gone_is_not_remembered(luna: Tenant, fleet: Fleet) -> None:
    deployment = deploy(tenant=luna, by=SHELL)
    fleet.one.run_once()
    assert list(fleet.book._made) == [luna.pk]
    Deployment.objects.for_tenant(luna).update(place="elsewhere")
    suspend(deployment=deployment, by=SHELL)
    fleet.one.run_once()
    assert fleet.book._made == {}
    assert tenant_fernet_keys(luna)
