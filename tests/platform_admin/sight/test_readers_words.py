"""Pages tell times as the business's clocks show them, and what was stored in the words of whoever reads."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from platform_admin.observability.models import Incident, RuntimeSighting, ScheduledTask
from platform_admin.releases.actions import publish
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import COMMAND, sources

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

NIGHT = datetime(2027, 1, 14, 23, 30, tzinfo=UTC)


def page(client: Client, name: str, *arguments: object, language: str = "en") -> str:
    answer = client.get(reverse(name, args=["luna", *arguments]), headers={"accept-language": language})
    return answer.content.decode()


@pytest.mark.parametrize(
    ("zone", "shown"), [("UTC", "01/14/2027 11:30 p.m."), ("Europe/Madrid", "01/15/2027 12:30 a.m.")]
)
def test_a_reminder_stands_there_at_the_hour_at_which_it_is_sent(
    zone: str, shown: str, luna: Tenant, as_operator: Client
) -> None:
    Tenant.objects.filter(pk=luna.pk).update(timezone=zone)
    ScheduledTask.objects.create(tenant=luna, task_id="1", task="reminder", due_at=NIGHT, state="waiting")
    assert shown in page(as_operator, "sight:work")
    assert timezone.get_current_timezone_name() == "UTC"


def test_an_incident_and_a_release_have_the_times_of_the_business(luna: Tenant, as_operator: Client) -> None:
    release = publish(tenant=luna, by=COMMAND, sources=sources())
    Incident.objects.create(tenant=luna, kind="errors", started_at=NIGHT)
    assert "01/15/2027 12:30 a.m." in page(as_operator, "sight:health")
    out = date_format(release.created_at.astimezone(ZoneInfo("Europe/Madrid")), "SHORT_DATETIME_FORMAT")
    assert out in page(as_operator, "sight:release", release.serial)


def test_the_gate_of_a_release_is_read_in_the_readers_language(luna: Tenant, as_operator: Client) -> None:
    release = publish(tenant=luna, by=COMMAND, sources=sources())
    english = page(as_operator, "sight:release", release.serial)
    spanish = page(as_operator, "sight:release", release.serial, language="es")
    assert "The conversation has no faults" in english
    assert "There are no conversation tests yet." in english
    assert "La conversación no tiene fallos" in spanish
    assert "Todavía no hay pruebas de conversación." in spanish
    assert "There are no" not in spanish


def test_a_breaker_is_told_in_words_that_are_no_riddle(luna: Tenant, as_operator: Client) -> None:
    states = {"calendar": "closed", "llm": "open", "crm": "melted"}
    gauges = {"breakers": [{"connector": name, "state": state} for name, state in states.items()]}
    RuntimeSighting.objects.create(tenant=luna, ready=True, last_report_at=timezone.now(), gauges=gauges)
    shown = page(as_operator, "sight:health")
    assert 'Calendar: <span class="sight-badge">works</span>' in shown
    assert 'Free questions: <span class="sight-badge sight-look">cut off</span>' in shown
    assert 'crm: <span class="sight-badge sight-look">melted</span>' in shown
    assert "Nearly all within" not in shown
