"""Every check of the gate leads to the place where somebody can mend what it found."""

from __future__ import annotations

from typing import get_args

import pytest
from django.test import Client

from platform_admin.authoring.places import Visit
from platform_admin.authoring.publishing.mending import OF_OPERATORS, OF_THE_BUSINESS, mended_at
from platform_admin.business import actions as business
from platform_admin.flows import actions as flows
from platform_admin.releases.actions import publish
from platform_admin.releases.gate import GATE
from platform_admin.releases.gate.check import Place
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.authoring.test_conversation_page import client_of
from tests.platform_admin.business import BROKEN_FLOW, CALENDAR_FLOW, COMMAND, FLOW

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

PAGE = "/admin/authoring/luna/publish/"
PLACES: tuple[Place, ...] = get_args(Place.__value__)

MENDS = {"connections": "owner"}
"""The smallest role that mends what stands in a place of the business; else an editor."""


def test_every_place_has_a_page_and_every_check_a_place() -> None:
    assert sorted((*OF_THE_BUSINESS, *OF_OPERATORS)) == sorted(PLACES)
    assert [check.code for check in GATE if check.place not in PLACES] == []


@pytest.mark.parametrize("place", PLACES)
def test_the_page_of_a_place_opens_for_who_shall_mend_it(
    place: Place, luna: Tenant, people: dict[str, User], operator: User
) -> None:
    person = operator if place in OF_OPERATORS else people[MENDS.get(place, "editor")]
    address = mended_at(place, Visit(person, luna, True, True))
    assert address is not None
    assert client_of(person).get(address).status_code == 200


def test_the_admins_lists_show_the_rows_of_the_one_business(
    as_operator: Client, operator: User, luna: Tenant, sol: Tenant
) -> None:
    address = mended_at("settings", Visit(operator, luna, True, True))
    assert address is not None
    shown = as_operator.get(address).context["cl"].result_list
    assert [row.tenant for row in shown] == [luna]
    assert TenantSettings.objects.for_tenant(sol).exists()


def ready(client: Client) -> dict[str, tuple[str, str | None]]:
    checks = client.get(PAGE).context["checks"]
    return {str(check["title"]): (check["state"], check["mend"]) for check in checks if check["tells"]}


HOURS = "/admin/authoring/luna/hours/"
CONVERSATION = "/admin/authoring/luna/conversation/"
TESTS = ("not_available", "/admin/authoring/luna/tests/")
QUESTIONS = ("not_available", "/admin/authoring/luna/faq/")


@pytest.fixture
def live(luna: Tenant) -> Tenant:
    publish(tenant=luna, by=COMMAND, sources=Sources(flow=SourceText(FLOW, "main.yaml")))
    return luna


def test_what_cannot_be_run_has_its_link_as_well(live: Tenant, people: dict[str, User]) -> None:
    page = client_of(people["editor"]).get(PAGE).content.decode()
    assert "See to it" in page
    assert ready(client_of(people["editor"])) == {
        "Every conversation test passes": TESTS,
        "The FAQ answers what it must, and nothing else": QUESTIONS,
    }


def test_hours_with_faults_are_mended_where_hours_are_written(live: Tenant, people: dict[str, User]) -> None:
    business.save_draft(tenant=live, document={"hours": {"mon": ["14:00-10:00"]}}, by=COMMAND)
    found = ready(client_of(people["editor"]))
    assert found["Settings and opening hours are complete"] == ("failed", HOURS)
    assert found["Customers can reach the bot"] == ("not_available", HOURS)
    assert found["Every conversation test passes"] == TESTS


def test_settings_with_faults_are_an_operators(live: Tenant, people: dict[str, User], as_operator: Client) -> None:
    TenantSettings.objects.for_tenant(live).update(channels=1)
    business.save_draft(tenant=live, document={"hours": {"mon": ["14:00-10:00"]}}, by=COMMAND)
    staff = client_of(people["owner"])
    assert ready(staff)["Settings and opening hours are complete"] == ("failed", None)
    assert "Ask whoever runs the platform: only they can change this." in staff.get(PAGE).content.decode()
    address = f"/admin/releases/tenantsettings/?tenant__id__exact={live.pk}"
    assert ready(as_operator)["Settings and opening hours are complete"] == ("failed", address)
    assert "Ask whoever runs the platform" not in as_operator.get(PAGE).content.decode()


def test_what_is_not_connected_is_mended_where_connections_are(live: Tenant, people: dict[str, User]) -> None:
    TenantSettings.objects.for_tenant(live).update(llm={"enabled": True})
    flow = live.flows.get()
    flows.save_draft(flow=flow, text=CALENDAR_FLOW, by=COMMAND)
    found = ready(client_of(people["owner"]))
    assert found["Everything the conversation calls is connected"] == ("failed", "/admin/connect/luna/")
    assert found["Free questions have what they need"] == ("failed", "/admin/authoring/luna/faq/")


def test_a_conversation_with_faults_is_mended_where_it_is_written(live: Tenant, people: dict[str, User]) -> None:
    flows.save_draft(flow=live.flows.get(), text=BROKEN_FLOW, by=COMMAND)
    found = ready(client_of(people["editor"]))
    assert found["The conversation has no faults"] == ("failed", CONVERSATION)
    assert found["The bot can load it"] == ("not_available", CONVERSATION)
