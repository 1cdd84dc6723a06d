"""Publish: what changes, who is in the middle of something, what is not ready; and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow
from platform_admin.flows.queries import main_flow
from platform_admin.observability.runtime_sighting import RuntimeSighting
from platform_admin.releases.actions import publish
from platform_admin.releases.models import Release
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.authoring.test_conversation_page import client_of
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW, KNOWLEDGE

pytestmark = pytest.mark.django_db

PAGE = "/admin/authoring/luna/publish/"


@pytest.fixture
def flow(luna: Tenant) -> Flow:
    """Release 1 is live."""
    publish(tenant=luna, by=COMMAND, sources=Sources(flow=SourceText(FLOW, "main.yaml"), knowledge=KNOWLEDGE))
    made = main_flow(luna)
    assert made is not None
    return made


def serials(tenant: Tenant) -> list[int]:
    return sorted(Release.objects.for_tenant(tenant).values_list("serial", flat=True))


def seen(tenant: Tenant, **gauges: Any) -> None:
    RuntimeSighting.objects.for_tenant(tenant).update_or_create(
        tenant=tenant, defaults={"serial": 1, "last_report_at": timezone.now(), "gauges": gauges}
    )


def test_the_page_says_what_changes_in_sentences(as_operator: Client, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("De 10:00 a 20:00.", "De 9:00 a 20:00."), by=COMMAND)
    page = as_operator.get(PAGE)
    assert [(change.old, change.new) for change in page.context["changes"]] == [
        ("De 10:00 a 20:00.", "De 9:00 a 20:00.")
    ]
    assert page.context["ready"] is True
    assert "Publish release 2" in page.content.decode()


def test_settings_that_a_file_leaves_out_are_no_change(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    settings = SourceText('{"channels": [{"type": "http_dev"}], "llm": {"enabled": false}}', "settings.json")
    publish(tenant=luna, by=COMMAND, sources=Sources(settings=settings))
    assert as_operator.get(PAGE).context["changes"] == ()


def test_nothing_new_is_said_to_be_nothing(as_operator: Client, flow: Flow) -> None:
    assert "Nothing. What is written is what is live." in as_operator.get(PAGE).content.decode()


def test_what_is_not_ready_keeps_the_button_shut_and_the_door_too(
    as_operator: Client, luna: Tenant, flow: Flow
) -> None:
    flows.save_draft(flow=flow, text=BROKEN_FLOW, by=COMMAND)
    page = as_operator.get(PAGE)
    assert page.context["ready"] is False
    assert "Mend it" in page.content.decode()
    answer = as_operator.post(f"{PAGE}go", {"do": "publish"}, follow=True)
    assert "Nothing was published: see what is not ready yet." in answer.content.decode()
    assert serials(luna) == [1]


def test_one_button_publishes_and_the_page_watches_the_runtime(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("Horario", "Horas"), by=COMMAND)
    seen(luna)
    as_operator.post(f"{PAGE}go", {"do": "publish"})
    assert serials(luna) == [1, 2]
    state = as_operator.get(f"{PAGE}progress").json()
    assert state == {"wanted": 2, "has": 1, "done": False, "refusal": None}
    RuntimeSighting.objects.for_tenant(luna).update(serial=2)
    assert as_operator.get(f"{PAGE}progress").json()["done"] is True


def test_people_on_a_step_that_is_gone_are_counted_and_decided_about(
    as_operator: Client, luna: Tenant, flow: Flow
) -> None:
    seen(
        luna,
        open_conversations=[{"state": "HOURS", "serial": 1, "count": 4}, {"state": "MENU", "serial": 1, "count": 9}],
    )
    flows.save_draft(flow=flow, text=FLOW.replace("HOURS", "WHEN"), by=COMMAND)
    page = as_operator.get(PAGE)
    assert [(group.step, group.count) for group in page.context["stranded"]] == [("HOURS", 4)]
    as_operator.post(f"{PAGE}go", {"do": "publish", "in_flight_HOURS": "MENU"})
    release = Release.objects.for_tenant(luna).get(serial=2)
    assert release.people_in_flight == {"HOURS": {"do": "move", "to": "MENU"}}


def test_a_release_is_tried_on_phones_before_it_is_for_everyone(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("Horario", "Horas"), by=COMMAND)
    as_operator.post(f"{PAGE}go", {"do": "stage", "contacts": " "})
    assert serials(luna) == [1]
    as_operator.post(f"{PAGE}go", {"do": "stage", "contacts": "34600111222, 34600111333"})
    assert Release.objects.for_tenant(luna).get(serial=2).staged_for == ["34600111222", "34600111333"]
    assert "Now for everyone" in as_operator.get(PAGE).content.decode()
    as_operator.post(f"{PAGE}go", {"do": "promote"})
    assert serials(luna) == [1, 2, 3]


def test_going_back_is_a_release_of_its_own(as_operator: Client, luna: Tenant, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("Horario", "Horas"), by=COMMAND)
    as_operator.post(f"{PAGE}go", {"do": "publish"})
    assert "Go back to 1" in as_operator.get("/admin/authoring/luna/releases/").content.decode()
    as_operator.post("/admin/authoring/luna/releases/1/back")
    newest = Release.objects.for_tenant(luna).get(serial=3)
    assert newest.rolled_back_to is not None
    assert newest.rolled_back_to.serial == 1


def test_only_publishers_publish_and_go_back(luna: Tenant, people: dict[str, User], flow: Flow) -> None:
    flows.save_draft(flow=flow, text=FLOW.replace("Horario", "Horas"), by=COMMAND)
    editor = client_of(people["editor"])
    editor.post(f"{PAGE}go", {"do": "publish"})
    editor.post("/admin/authoring/luna/releases/1/back")
    assert serials(luna) == [1]
    assert client_of(people["stranger"]).get(PAGE).status_code == 404


def test_before_the_first_release_everything_is_new(as_operator: Client, luna: Tenant) -> None:
    assert "This is the first release: everything is new." in as_operator.get(PAGE).content.decode()
    assert "Nothing is live yet" in as_operator.get("/admin/authoring/luna/releases/").content.decode()
