"""The Tests page: a chat is kept as a test, shown with what came of it, and taken away again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowCase
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.authoring.test_conversation_page import client_of
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW

pytestmark = pytest.mark.django_db

PAGE = "/admin/authoring/luna/tests/"
SCRIPT = {"now": "2026-11-26T17:05", "moves": [{"do": "say", "text": "hola"}, {"do": "tap", "payload": "hours"}]}


@pytest.fixture
def flow(luna: Tenant) -> Flow:
    made = flows.create_flow(tenant=luna, name="main", by=COMMAND)
    flows.save_draft(flow=made, text=FLOW, by=COMMAND)
    return made


def save(client: Client, description: str = "Asks for the hours", **script: Any) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"script": {**SCRIPT, **script}, "description": description})
    answer = client.post(f"{PAGE}save", body, content_type="application/json")
    return answer.status_code, answer.json()


def names(flow: Flow) -> list[str]:
    return list(FlowCase.objects.for_tenant(flow.tenant).values_list("name", flat=True))


def test_the_empty_page_says_how_to_begin(as_operator: Client, flow: Flow) -> None:
    assert "No tests yet" in as_operator.get(PAGE).content.decode()


def test_a_chat_is_kept_under_a_name_of_its_own(as_operator: Client, flow: Flow) -> None:
    assert save(as_operator) == (200, {"name": "asks_for_the_hours.yaml"})
    assert save(as_operator) == (200, {"name": "asks_for_the_hours_2.yaml"})
    assert save(as_operator, "¿?") == (200, {"name": "chat.yaml"})
    page = as_operator.get(PAGE).content.decode()
    assert "3 of 3 hold" in page
    assert "100 % of the steps" in page


def test_a_test_that_goes_differently_shows_both_sides(as_operator: Client, flow: Flow) -> None:
    save(as_operator)
    flows.save_draft(flow=flow, text=FLOW.replace("De 10:00 a 20:00.", "<b>Siempre</b>"), by=COMMAND)
    page = as_operator.get(PAGE).content.decode()
    assert "goes differently" in page
    assert "De 10:00 a 20:00." in page
    assert "&lt;b&gt;Siempre&lt;/b&gt;" in page
    assert "<b>Siempre" not in page


def test_tests_wait_while_the_draft_cannot_run(as_operator: Client, flow: Flow) -> None:
    flows.save_draft(flow=flow, text=BROKEN_FLOW, by=COMMAND)
    assert "The tests wait" in as_operator.get(PAGE).content.decode()
    assert save(as_operator)[0] == 422
    assert names(flow) == []


@pytest.mark.parametrize("script", [{"moves": []}, {"moves": [{"do": "dance"}]}], ids=str)
def test_what_is_no_chat_is_not_kept(as_operator: Client, flow: Flow, script: dict[str, Any]) -> None:
    assert save(as_operator, **script)[0] == 422
    assert names(flow) == []


def test_a_viewer_keeps_and_removes_nothing(as_operator: Client, people: dict[str, User], flow: Flow) -> None:
    save(as_operator)
    (case,) = FlowCase.objects.for_tenant(flow.tenant)
    viewer = client_of(people["viewer"])
    assert save(viewer)[0] == 403
    assert viewer.post(f"{PAGE}{case.pk}/remove").status_code == 403
    assert names(flow) == ["asks_for_the_hours.yaml"]


def test_a_test_of_another_business_is_not_there(as_operator: Client, flow: Flow, sol: Tenant) -> None:
    save(as_operator)
    (case,) = FlowCase.objects.for_tenant(flow.tenant)
    assert as_operator.post(f"/admin/authoring/sol/tests/{case.pk}/remove").status_code == 404
    assert names(flow) == ["asks_for_the_hours.yaml"]
    assert as_operator.post(f"{PAGE}{case.pk}/remove").status_code == 302
    assert names(flow) == []
