"""What needs a look on a business's first page: each trouble once, with what to do and where."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from platform_admin.observability.models import Incident, RuntimeSighting
from platform_admin.observability.watch import watch
from platform_admin.releases.actions import publish
from platform_admin.tenants.models import Tenant
from tests.platform_admin.business import COMMAND, sources

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]


@pytest.fixture
def unwell(luna: Tenant) -> Tenant:
    publish(tenant=luna, by=COMMAND, sources=sources())
    now = timezone.now()
    RuntimeSighting.objects.create(tenant=luna, serial=1, ready=False, last_report_at=now, last_inbound_at=now)
    return luna


def troubles(client: Client, language: str = "en") -> list[tuple[str, str]]:
    """What is said of each, and the address it leads to."""
    page = client.get(reverse("sight:summary", args=["luna"]), headers={"accept-language": language}).content.decode()
    return re.findall(r'<li><strong>([^<]*)</strong>.*?<a href="([^"]*)"', page)


def test_a_trouble_that_is_an_incident_too_stands_there_once(unwell: Tenant, as_operator: Client) -> None:
    health = reverse("sight:health", args=["luna"])
    assert troubles(as_operator) == [("Not answering", health)]
    watch(now=timezone.now())
    assert Incident.objects.for_tenant(unwell).get().kind == "not_ready"
    assert troubles(as_operator) == [("Not answering", health)]


def test_it_stands_there_in_the_readers_language(unwell: Tenant, as_operator: Client) -> None:
    watch(now=timezone.now())
    assert [said for said, _ in troubles(as_operator, "es")] == ["No contesta"]


def test_a_refused_release_stands_there_once_with_its_reason(unwell: Tenant, as_operator: Client) -> None:
    rows = RuntimeSighting.objects.for_tenant(unwell)
    rows.update(ready=True, serial=None, refusal_code="compile", refusal_reason="No such state.")
    Incident.objects.create(tenant=unwell, kind="release_refused", detail="1, no", started_at=timezone.now())
    assert [said for said, _ in troubles(as_operator)] == ["Behind", "A release was refused: 1, no"]


def test_what_meta_said_stands_there_and_what_is_over_does_not(unwell: Tenant, as_operator: Client) -> None:
    RuntimeSighting.objects.for_tenant(unwell).update(ready=True)
    hour_ago = timezone.now() - timedelta(hours=1)
    for kind in ("whatsapp_template:1f2e", "not_ready"):
        Incident.objects.create(tenant=unwell, kind=kind, detail="reminder (es)", started_at=hour_ago)
    assert troubles(as_operator) == [
        ("A message template cannot be relied on: reminder (es)", reverse("connect:connections", args=["luna"]))
    ]
