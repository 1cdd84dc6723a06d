"""Conditions become incidents, incidents become mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils.translation import override

from platform_admin.observability.conditions import BY_KIND, CONDITIONS, PASSING
from platform_admin.observability.models import HourlyCount, Incident, Notice, RuntimeSighting
from platform_admin.observability.notifying import tell, untold_incidents
from platform_admin.observability.standing import quota_of
from platform_admin.observability.trouble_words import WORDS, said_of
from platform_admin.observability.watch import RELEASE_REFUSED, TELLING_NOTICES, Watched, watch
from platform_admin.releases.actions import publish
from platform_admin.tenants.models import Tenant, User
from platform_admin.whatsapp.alarms import ACCOUNT_ALERT, ACCOUNT_RESTRICTED, NUMBER_QUALITY, OVERRIDE_MISSING
from tests.platform_admin.business import COMMAND, sources

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 15, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ALARMS = (ACCOUNT_ALERT, ACCOUNT_RESTRICTED, NUMBER_QUALITY, OVERRIDE_MISSING, "whatsapp_template")


@pytest.fixture
def live(luna: Tenant) -> Tenant:
    publish(tenant=luna, by=COMMAND, sources=sources())
    return luna


def seen(tenant: Tenant, *, at: datetime = NOON, **fields: Any) -> RuntimeSighting:
    values = {"serial": 1, "ready": True, "last_report_at": at, "last_inbound_at": at, **fields}
    rows = RuntimeSighting.objects.for_tenant(tenant)
    return rows.update_or_create(tenant=tenant, defaults=values)[0]


def counted(tenant: Tenant, name: str, count: int, at: datetime = NOON) -> None:
    HourlyCount.objects.create(tenant=tenant, hour=at, name=name, labels="{}", count=count)


def kinds(tenant: Tenant) -> list[str]:
    rows = Incident.objects.for_tenant(tenant).filter(ended_at=None)
    return sorted(rows.values_list("kind", flat=True))


def test_the_kinds_are_all_different() -> None:
    assert len({condition.kind for condition in CONDITIONS}) == len(CONDITIONS)


def test_a_bot_that_is_well_has_no_incident(live: Tenant) -> None:
    seen(live)
    assert watch(now=NOON) == Watched(0, 0)


CASES: list[tuple[str, dict[str, Any], dict[str, int], list[str]]] = [
    ("silent", {"last_report_at": NOON - timedelta(minutes=6)}, {}, ["silent"]),
    ("not ready", {"ready": False}, {}, ["not_ready"]),
    ("behind", {"serial": None}, {}, ["behind"]),
    ("refusing", {"serial": None, "refusal_code": "compile"}, {}, ["behind", "refused"]),
    ("degraded", {"degraded": ["the disk is full"]}, {}, ["degraded"]),
    ("dead letters", {"gauges": {"dead_letters": 2}}, {}, ["dead_letters"]),
    ("breaker", {"gauges": {"breakers": [{"connector": "calendar", "state": "open"}]}}, {}, ["breaker_open"]),
    ("quota", {"gauges": {"quota": {"month": "2026-11", "tokens": 85, "limit": 100}}}, {}, ["quota_warning"]),
    ("quota full", {"gauges": {"quota": {"month": "2026-11", "tokens": 100, "limit": 100}}}, {}, ["quota_full"]),
    ("last month's quota", {"gauges": {"quota": {"month": "2026-10", "tokens": 100, "limit": 100}}}, {}, []),
    ("errors", {}, {"turns": 50, "errors": 5}, ["errors"]),
    ("few errors", {}, {"turns": 50, "errors": 4}, []),
    ("fallbacks", {}, {"messages_in": 40, "fallbacks": 20}, ["fallbacks"]),
    ("gauges that are no gauges", {"gauges": {"dead_letters": "x", "breakers": {"a": 1}, "quota": []}}, {}, []),
]


@pytest.mark.parametrize(("case", "sighting", "counts", "expected"), CASES, ids=[row[0] for row in CASES])
def test_a_condition_opens_its_incident_once_and_its_end_closes_it(
    case: str, sighting: dict[str, Any], counts: dict[str, int], expected: list[str], live: Tenant
) -> None:
    seen(live, **sighting)
    for name, count in counts.items():
        counted(live, name, count)
    assert watch(now=NOON) == Watched(len(expected), 0)
    assert watch(now=NOON) == Watched(0, 0)
    assert kinds(live) == expected
    HourlyCount.objects.for_tenant(live).delete()
    RuntimeSighting.objects.for_tenant(live).delete()
    seen(live)
    assert watch(now=NOON) == Watched(0, len(expected))
    assert kinds(live) == []


def test_silence_at_an_hour_that_usually_has_messages_is_noticed(live: Tenant) -> None:
    for day in range(1, 15):
        counted(live, "messages_in", 12, NOON - timedelta(days=day))
    seen(live, last_inbound_at=NOON - timedelta(hours=2))
    watch(now=NOON)
    assert kinds(live) == ["quiet"]


def test_a_suspended_tenant_is_not_watched(live: Tenant) -> None:
    seen(live, ready=False)
    Tenant.objects.filter(pk=live.pk).update(status=Tenant.Status.SUSPENDED)
    assert watch(now=NOON) == Watched(0, 0)


def test_a_notice_that_tells_of_trouble_is_an_incident_for_a_day(live: Tenant) -> None:
    seen(live)
    Notice.objects.create(tenant=live, notice_id="1", kind="loop_detected", at=NOON, detail="two bots")
    Notice.objects.create(tenant=live, notice_id="2", kind="task_missed", at=NOON)
    assert watch(now=NOON) == Watched(1, 0)
    assert kinds(live) == ["loop_detected"]
    (incident,) = untold_incidents(now=NOON)
    assert incident.detail == "two bots"
    assert incident.said == "somebody sent the same message over and over and is paused: two bots"
    later = NOON + timedelta(days=1, seconds=1)
    seen(live, at=later)
    assert watch(now=later) == Watched(0, 1)


def test_a_refused_release_is_over_when_the_bot_has_what_is_live(live: Tenant) -> None:
    Incident.objects.create(tenant=live, kind=RELEASE_REFUSED, detail="Release 1", started_at=NOON)
    seen(live, serial=None)
    watch(now=NOON)
    assert RELEASE_REFUSED in kinds(live)
    seen(live)
    watch(now=NOON)
    assert kinds(live) == []


def test_owners_and_operators_are_told_once_in_the_tenants_language_what_to_do_and_where(
    live: Tenant, people: dict[str, User], operator: User
) -> None:
    seen(live, ready=False)
    watch(now=NOON)
    with override("fr"):  # whatever the process speaks
        for incident in untold_incidents(now=NOON + PASSING):
            tell(incident, now=NOON + PASSING)
    assert sorted(message.to[0] for message in mail.outbox) == ["operator@example.com", "owner@example.com"]
    assert {message.subject for message in mail.outbox} == {"Peluquería Luna: Hay clientes afectados"}
    assert {message.body for message in mail.outbox} == {
        """Peluquería Luna: no contesta.

Desde 2026-11-15 13:00 (Europe/Madrid).

No puede recibir mensajes. WhatsApp guarda lo que escriben los clientes y lo entrega después.

Míralo aquí:

https://desk.example.org/admin/sight/luna/health/
"""
    }
    assert untold_incidents(now=NOON + PASSING) == []


def test_what_is_over_in_a_moment_is_noted_and_written_to_nobody(live: Tenant, operator: User) -> None:
    seen(live, ready=False)
    watch(now=NOON)
    assert untold_incidents(now=NOON + PASSING - SECOND) == []
    seen(live)
    watch(now=NOON + PASSING - SECOND)
    assert Incident.objects.for_tenant(live).get().ended_at == NOON + PASSING - SECOND
    assert untold_incidents(now=NOON + timedelta(days=1)) == []


def test_what_went_on_for_longer_is_told_though_it_is_over(live: Tenant, operator: User) -> None:
    seen(live, ready=False)
    watch(now=NOON)
    seen(live, at=NOON + PASSING)
    watch(now=NOON + PASSING)
    (incident,) = untold_incidents(now=NOON + PASSING)
    assert (incident.kind, incident.ended_at) == ("not_ready", NOON + PASSING)


def test_what_comes_again_and_again_is_written_about_once_an_hour(live: Tenant, operator: User) -> None:
    minutes = 120
    for minute in range(minutes):
        now = NOON + timedelta(minutes=minute)
        seen(live, at=now, ready=bool(minute % 2))
        watch(now=now)
        for incident in untold_incidents(now=now):
            tell(incident, now=now)
    rows = Incident.objects.for_tenant(live)
    assert rows.filter(kind="not_ready").count() == minutes // 2
    told = rows.filter(kind="not_ready").exclude(notified_at=None).order_by("started_at")
    assert [row.started_at - NOON for row in told] == [timedelta(minutes=4), timedelta(minutes=64)]


def test_what_ended_a_day_ago_is_no_news(live: Tenant, operator: User) -> None:
    ended = NOON - timedelta(days=1) - SECOND
    Incident.objects.create(tenant=live, kind="errors", started_at=NOON - timedelta(days=2), ended_at=ended)
    assert untold_incidents(now=NOON) == []
    assert len(untold_incidents(now=NOON - SECOND)) == 1


def test_every_kind_that_there_is_has_words_of_its_own() -> None:
    kinds = {*BY_KIND, *TELLING_NOTICES, RELEASE_REFUSED, *ALARMS}
    assert sorted(kind for kind in kinds if kind not in WORDS) == []
    assert len({str(words.words) for words in WORDS.values()}) == len(WORDS)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "detail", ["", "not answering", "two bots", "not answering: two bots"], ids=["none", "old", "new", "old with more"]
)
def test_a_row_is_said_in_the_readers_language_whichever_version_wrote_it(language: str, detail: str) -> None:
    words = {"en": "not answering", "es": "no contesta"}[language]
    with override(language):
        assert said_of("not_ready", detail) == (f"{words}: two bots" if "two bots" in detail else words)


def test_a_kind_that_another_version_wrote_is_told_in_general_words() -> None:
    assert said_of("flooded", "the cellar") == "something is wrong: the cellar"


def test_a_reason_with_line_ends_makes_no_second_header(live: Tenant, operator: User) -> None:
    Tenant.objects.filter(pk=live.pk).update(name="Luna\r\nBcc: everybody@example.com")
    incident = Incident.objects.create(tenant=live, kind="clock_stalled", detail="x\r\ny", started_at=NOON)
    incident.tenant.refresh_from_db()
    tell(incident, now=NOON)
    (message,) = mail.outbox
    assert message.message()["Bcc"] is None
    assert message.to == ["operator@example.com"]


def test_the_forecast_is_where_the_month_ends_at_this_rate() -> None:
    quota = quota_of({"quota": {"month": "2026-11", "tokens": 145, "limit": 1000}}, now=NOON)
    assert quota is not None
    assert (quota.percent, quota.forecast, quota.forecast_percent) == (14, 300, 30)
    first_hour = quota_of({"quota": {"month": "2026-11", "tokens": 10, "limit": None}}, now=NOON.replace(day=1, hour=1))
    assert first_hour is not None
    assert (first_hour.percent, first_hour.forecast) == (None, 300)
