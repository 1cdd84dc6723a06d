"""Two people change different parts of the settings in the same moment: the second waits, and both changes stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from pytest_django import Settings

from connectors.kernel.egress.policy import THIS_MACHINE
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.first_day.beginning import begin_from
from platform_admin.authoring.first_day.industries import INDUSTRIES
from platform_admin.connect.actions import answer_free_questions, choose, connect, disconnect
from platform_admin.errors import ConflictError
from platform_admin.privacy.keeping import save_retention
from platform_admin.releases.models import TenantSettings
from platform_admin.tenants.models import Tenant
from platform_admin.whatsapp.connecting import connect_number
from tests.fakes.radicale_server import PASSWORD, Radicale, running_radicale
from tests.fakes.radicale_server import USER as RADICALE_USER
from tests.platform_admin.business import COMMAND, provisioned
from tests.platform_admin.waiting import HANGS_SECONDS, until_somebody_waits

WEBHOOK: JSONObject = {"type": "webhook", "url": "https://meanwhile.example.org/"}

type Change = Callable[[Tenant], object]


def enter_number(tenant: Tenant) -> None:
    secrets = {"access_token": "EAAG-of-the-tests", "app_secret": "of-the-test"}
    connect_number(tenant=tenant, phone_number_id="1055512345", waba_id="1111111111", secrets=secrets, by=COMMAND)


CHANGES: dict[str, Change] = {
    "connecting": lambda tenant: connect(
        tenant=tenant, category="availability", block={"type": "mock_calendar"}, secrets={}, by=COMMAND
    ),
    "disconnecting": lambda tenant: disconnect(tenant=tenant, category="calendar", by=COMMAND),
    "the switch of free questions": lambda tenant: answer_free_questions(tenant=tenant, on=False, by=COMMAND),
    "how long things are kept": lambda tenant: save_retention(tenant=tenant, days={"turns_days": 41}, by=COMMAND),
    "a number at WhatsApp": enter_number,
    "the stand-ins of the first day": lambda tenant: begin_from(INDUSTRIES[0], tenant=tenant, by=COMMAND),
}


def settings_now(tenant: Tenant) -> TenantSettings:
    return TenantSettings.objects.for_tenant(tenant).get()


def begun_before_the_end_of[T](first: Callable[[], object], second: Callable[[], T]) -> T:
    """What came of ``second``, which began when ``first`` was done and not committed."""

    def hang_up_after() -> T:
        try:
            return second()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            result = pool.submit(hang_up_after)
            until_somebody_waits()
        return result.result(HANGS_SECONDS)


@pytest.fixture
def tenant(transactional_db: None) -> Tenant:
    assert connection.vendor == "postgresql"
    tenant = provisioned("luna").tenant
    for category, kind in (("calendar", "mock_calendar"), ("llm", "mock_llm")):
        connect(tenant=tenant, category=category, block={"type": kind}, secrets={}, by=COMMAND)
    return tenant


@pytest.mark.postgres
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_change_by_somebody_who_was_faster_is_not_lost(change: Change, tenant: Tenant) -> None:
    before = settings_now(tenant)
    begun_before_the_end_of(
        lambda: connect(tenant=tenant, category="notification", block=WEBHOOK, secrets={}, by=COMMAND),
        lambda: change(tenant),
    )
    after = settings_now(tenant)
    assert after.connectors["notification"] == WEBHOOK
    assert after.revision == before.revision + 2
    columns = ("channels", "connectors", "llm", "policies")
    theirs = {**before.connectors, "notification": WEBHOOK}
    expected: dict[str, JSON] = {**{name: getattr(before, name) for name in columns}, "connectors": theirs}
    assert {name: getattr(after, name) for name in columns} != expected, "and so is the change that waited"


@pytest.fixture
def radicale(tmp_path: Path) -> Iterator[Radicale]:
    with running_radicale(tmp_path) as server:
        yield server


@pytest.mark.postgres
@pytest.mark.parametrize("same", [True, False], ids=["another part", "this connection"])
def test_what_was_picked_is_not_taken_over_a_connection_that_was_changed(
    same: bool, tenant: Tenant, radicale: Radicale, settings: Settings
) -> None:
    settings.PROBE_EGRESS = THIS_MACHINE
    calendar = radicale.calendar()
    caldav: JSONObject = {
        "type": "caldav", "url": f"{radicale.url}/", "username": RADICALE_USER, "timezone": "Europe/Madrid",
    }  # fmt: skip
    connect(tenant=tenant, category="calendar", block=caldav, secrets={"password": PASSWORD}, by=COMMAND)
    other = {**caldav, "timezone": "Atlantic/Canary"}
    category, block = ("notification", WEBHOOK) if same else ("calendar", other)

    def pick() -> int | str:
        try:
            return choose(tenant=tenant, category="calendar", value=calendar, by=COMMAND).revision
        except ConflictError as error:
            return error.message

    said = begun_before_the_end_of(
        lambda: connect(tenant=tenant, category=category, block=block, secrets={}, by=COMMAND), pick
    )
    after = settings_now(tenant)
    if same:
        assert said == after.revision
        assert (after.connectors["calendar"], after.connectors["notification"]) == (
            {**caldav, "url": calendar},
            WEBHOOK,
        )
    else:
        assert said == "Somebody changed this connection just now. Look at it again, then choose."
        assert after.connectors["calendar"] == other
