from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from platform_admin.observability.models import Incident
from platform_admin.observability.report_document import Heartbeat
from platform_admin.observability.watch import RELEASE_REFUSED
from platform_admin.releases.actions import publish
from platform_admin.releases.failed_activation import WITHIN, go_back_if_refused
from platform_admin.releases.models import Release
from platform_admin.tenants.models import AuditEntry, Tenant
from tests.platform_admin.business import COMMAND, FLOW, sources

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_releases(luna: Tenant) -> tuple[Release, Release]:
    return (
        publish(tenant=luna, by=COMMAND, sources=sources()),
        publish(tenant=luna, by=COMMAND, sources=sources(FLOW + "# newer\n")),
    )


def refused(code: str = "compile", *, running: int | None = 1, serial: int | None = None) -> Heartbeat:
    refusal: dict[str, Any] = {"code": code, "reason": "No such state.", "serial": serial}
    return Heartbeat.model_validate({"at": timezone.now(), "serial": running, "refusal": refusal})


def go_back(luna: Tenant, beat: Heartbeat, *, at: datetime | None = None) -> Release | None:
    return go_back_if_refused(tenant=luna, beat=beat, now=at or timezone.now())


def test_a_release_that_a_runtime_cannot_activate_is_replaced_by_the_one_it_runs(
    luna: Tenant, two_releases: tuple[Release, Release]
) -> None:
    good, bad = two_releases
    new = go_back(luna, refused())
    assert new is not None
    assert (new.serial, new.rolled_back_to, new.flow_version) == (3, good, good.flow_version)
    assert new.note == f"Release {bad.serial} was refused"
    incident = Incident.objects.for_tenant(luna).get()
    assert (incident.kind, incident.detail) == (RELEASE_REFUSED, "2, No such state.")
    assert AuditEntry.objects.filter(verb="rolled back", actor_label="manage.py automatic rollback").count() == 1


def test_the_runtime_repeats_itself_and_one_step_back_is_made(
    luna: Tenant, two_releases: tuple[Release, Release]
) -> None:
    assert go_back(luna, refused()) is not None
    assert go_back(luna, refused()) is None  # the one that replaced it is refused too: for a person
    assert Release.objects.for_tenant(luna).count() == 3
    assert Incident.objects.for_tenant(luna).count() == 1


LEFT_TO_PEOPLE = [
    pytest.param(refused("bad_signature"), True, id="a signature says something about keys"),
    pytest.param(refused("foreign_tenant"), True, id="another tenant's bundle"),
    pytest.param(refused(running=None), True, id="nothing runs to go back to"),
    pytest.param(refused(running=2), False, id="what is live runs"),
    pytest.param(refused(serial=1), False, id="an older release was refused"),
    pytest.param(refused(running=9), True, id="it runs what never was"),
]


@pytest.mark.parametrize(("beat", "incident"), LEFT_TO_PEOPLE)
def test_what_going_back_would_not_cure_is_left_to_people(
    beat: Heartbeat, incident: bool, luna: Tenant, two_releases: tuple[Release, Release]
) -> None:
    assert go_back(luna, beat) is None
    assert Release.objects.for_tenant(luna).count() == 2
    assert Incident.objects.for_tenant(luna).exists() is incident


def test_a_release_that_was_live_for_long_is_not_replaced(luna: Tenant, two_releases: tuple[Release, Release]) -> None:
    assert go_back(luna, refused(), at=two_releases[1].created_at + WITHIN + timedelta(seconds=1)) is None
    assert Release.objects.for_tenant(luna).count() == 2


def test_before_the_first_release_there_is_nothing_to_go_back_to(luna: Tenant) -> None:
    assert go_back(luna, refused()) is None
    assert not Incident.objects.for_tenant(luna).exists()
