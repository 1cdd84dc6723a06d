from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from platform_admin.observability.actions import note_pull
from platform_admin.observability.conditions import SILENT_AFTER
from platform_admin.observability.models import Notice
from platform_admin.observability.overview import overview
from platform_admin.observability.queries import sighting_of
from platform_admin.releases.actions import publish
from platform_admin.tenants.models import Tenant, User
from platform_admin.tenants.queries import tenants_of
from tests.platform_admin.business import COMMAND, sources

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def states(now: datetime = NOON) -> list[tuple[str, str]]:
    return [(row.tenant.slug, str(row.state)) for row in overview(Tenant.objects.all(), now=now)]


def test_the_overview_says_in_words_how_each_business_stands(luna: Tenant, sol: Tenant) -> None:
    assert states() == [("luna", "nothing published"), ("sol", "nothing published")]
    publish(tenant=sol, by=COMMAND, sources=sources())
    assert states() == [("sol", "never started"), ("luna", "nothing published")]
    note_pull(tenant=sol, serial=1, at=NOON)
    assert states() == [("luna", "nothing published"), ("sol", "up to date")]
    publish(tenant=sol, by=COMMAND, sources=sources())
    assert states() == [("sol", "behind"), ("luna", "nothing published")]


def test_a_runtime_that_fell_silent_is_not_called_up_to_date(luna: Tenant) -> None:
    publish(tenant=luna, by=COMMAND, sources=sources())
    note_pull(tenant=luna, serial=1, at=NOON)
    assert states(NOON + SILENT_AFTER) == [("luna", "up to date")]
    later = NOON + SILENT_AFTER + timedelta(seconds=1)
    assert states(later) == [("luna", "not heard from")]
    assert [row.needs_a_look for row in overview(Tenant.objects.all(), now=later)] == [True]


def test_a_loop_that_was_broken_is_shown_for_a_day(luna: Tenant, sol: Tenant) -> None:
    for tenant in (luna, sol):
        publish(tenant=tenant, by=COMMAND, sources=sources())
        note_pull(tenant=tenant, serial=1, at=NOON)
    Notice.objects.create(tenant=sol, notice_id="loop:7", kind="loop_detected", at=NOON, detail="whatsapp:1: paused")
    looped = "somebody sent the same message over and over and is paused"
    assert states() == [("sol", looped), ("luna", "up to date")]
    note_pull(tenant=luna, serial=1, at=NOON + timedelta(days=1, seconds=1))
    note_pull(tenant=sol, serial=1, at=NOON + timedelta(days=1, seconds=1))
    assert states(NOON + timedelta(days=1, seconds=1)) == [("luna", "up to date"), ("sol", "up to date")]


def test_a_second_pull_replaces_the_first(luna: Tenant) -> None:
    note_pull(tenant=luna, serial=None, at=NOON)
    note_pull(tenant=luna, serial=4, at=NOON.replace(hour=13))
    seen = sighting_of(luna)
    assert seen is not None
    assert (seen.serial, seen.last_pull_at) == (4, NOON.replace(hour=13))


def test_the_overview_costs_seven_queries_however_many_businesses(luna: Tenant, sol: Tenant) -> None:
    with CaptureQueriesContext(connection) as queries:
        overview(Tenant.objects.all(), now=NOON)
    assert len(queries) == 7


def test_a_member_sees_the_own_business_only(luna: Tenant, sol: Tenant, people: dict[str, User]) -> None:
    assert [row.tenant for row in overview(tenants_of(people["viewer"]), now=NOON)] == [luna]
    assert overview(tenants_of(people["stranger"]), now=NOON) == []
