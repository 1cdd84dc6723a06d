"""The figures on the map: what the runtime counted for this release, and what the tests walk; at a fixed price."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow
from platform_admin.observability.models import DailyCount
from platform_admin.releases.models import Release
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.authoring.test_conversation_page import client_of
from tests.platform_admin.authoring.test_tests_page import save
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/authoring/luna/conversation/people"
TESTED = "/admin/authoring/luna/conversation/tested"


@pytest.fixture
def flow(luna: Tenant) -> Flow:
    made = flows.create_flow(tenant=luna, name="main", by=COMMAND)
    flows.save_draft(flow=made, text=FLOW, by=COMMAND)
    return made


def count(tenant: Tenant, name: str, labels: str, number: int, days_ago: int = 0) -> None:
    day = datetime.now(ZoneInfo(tenant.timezone)).date() - timedelta(days=days_ago)
    DailyCount.objects.create(tenant=tenant, day=day, name=name, labels=labels, count=number)


def test_a_business_that_was_never_live_has_no_figures(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    count(luna, "transition", '{"from":"MENU","to":"HOURS"}', 4)
    assert as_operator.get(PEOPLE).json() == {"days": 7, "ways": [], "since": None}


# At any hour one of them has another day than UTC; neither moves its clocks.
@pytest.mark.parametrize("timezone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_people_are_counted_since_the_release_and_of_this_business_alone(
    as_operator: Client, luna: Tenant, sol: Tenant, flow: Flow, monkeypatch: pytest.MonkeyPatch, timezone: str
) -> None:
    Tenant.objects.update(timezone=timezone)
    for tenant in (luna, sol):
        tenant.refresh_from_db()
    release = Release(tenant=luna, serial=1, created_at=datetime.now(UTC) - timedelta(days=10))
    monkeypatch.setattr("platform_admin.authoring.map_figures_page.live_release", lambda _tenant: release)
    for tenant, number in ((luna, 3), (sol, 50)):
        count(tenant, "state_entered", '{"state":"MENU"}', number)
        count(tenant, "transition", '{"from":"MENU","to":"HOURS"}', number)
    count(luna, "transition", '{"from":"MENU","to":"HOURS"}', 2, days_ago=10)
    count(luna, "transition", '{"from":"MENU","to":"HOURS"}', 90, days_ago=11)
    people = [as_operator.get(f"{PEOPLE}?days={days}").json()["ways"][0]["people"] for days in ("7", "30", "999")]
    assert people == [3, 5, 3]


def test_the_price_does_not_grow_with_what_was_counted(
    as_operator: Client,
    luna: Tenant,
    flow: Flow,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.db import connection  # noqa: PLC0415 - only this test counts
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - as above

    release = Release(tenant=luna, serial=1, created_at=datetime.now(UTC) - timedelta(days=10))
    monkeypatch.setattr("platform_admin.authoring.map_figures_page.live_release", lambda _tenant: release)
    as_operator.get(PEOPLE)
    asked = []
    for number in (1, 40):
        for step in range(number):
            count(luna, "transition", f'{{"from":"A{number}","to":"B{step}"}}', 4)
        with CaptureQueriesContext(connection) as queries:
            as_operator.get(PEOPLE)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_tests_are_played_on_the_draft_as_it_is_saved(as_operator: Client, flow: Flow) -> None:
    assert as_operator.get(TESTED).json() == {"waits": False, "passed": 0, "count": 0, "untested": ["MENU", "HOURS"]}
    save(as_operator)
    assert as_operator.get(TESTED).json() == {"waits": False, "passed": 1, "count": 1, "untested": []}
    flows.save_draft(flow=flow, text=FLOW.replace("De 10:00", "De 11:00"), by=COMMAND)
    assert as_operator.get(TESTED).json()["passed"] == 0
    flows.save_draft(flow=flow, text=BROKEN_FLOW, by=COMMAND)
    assert as_operator.get(TESTED).json() == {"waits": True, "passed": 0, "count": 0, "untested": []}


@pytest.mark.parametrize("address", [PEOPLE, TESTED])
def test_another_business_is_not_there(people: dict[str, User], flow: Flow, address: str) -> None:
    stranger = client_of(people["stranger"])
    assert stranger.get(address).status_code == 404
    assert Client().get(address).status_code == 302
