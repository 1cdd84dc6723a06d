"""Hours & services: saved with its faults, never over somebody else's work."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from platform_admin.business import actions as business
from platform_admin.business.models import BusinessDraft
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.authoring.test_conversation_page import client_of
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db

PAGE = "/admin/authoring/luna/hours/"
DOCUMENT: dict[str, Any] = {"name": "Luna", "hours": {"mon": ["10:00-14:00"]}}


@pytest.fixture
def draft(luna: Tenant) -> BusinessDraft:
    return business.save_draft(tenant=luna, document=DOCUMENT, by=COMMAND)


def send(client: Client, body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"{PAGE}draft", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def stored(tenant: Tenant) -> Any:
    return BusinessDraft.objects.for_tenant(tenant).get().document


def test_the_page_brings_the_document_and_the_days_of_the_week(as_operator: Client, draft: BusinessDraft) -> None:
    begin = as_operator.get(PAGE).context["begin"]
    assert begin["draft"]["document"] == DOCUMENT
    assert [day["key"] for day in begin["days"]] == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    spanish = as_operator.get(PAGE, headers={"Accept-Language": "es"})
    assert spanish.context["begin"]["days"][0]["name"] == "Lunes"


def test_what_is_wrong_is_saved_and_said(as_operator: Client, luna: Tenant, draft: BusinessDraft) -> None:
    wrong = {**DOCUMENT, "hours": {"mon": ["14:00-10:00"]}}
    status, state = send(as_operator, {"revision": draft.revision, "document": wrong})
    assert status == 200
    assert [fault["message"] for fault in state["faults"]] == ["14:00-10:00 ends before it begins."]
    assert stored(luna) == wrong


def test_the_second_of_two_writers_gets_both(luna: Tenant, people: dict[str, User], draft: BusinessDraft) -> None:
    seen = draft.revision
    send(client_of(people["editor"]), {"revision": seen, "document": {"name": "Theirs"}})
    status, answer = send(client_of(people["owner"]), {"revision": seen, "document": {"name": "Mine"}})
    assert (status, answer["theirs"]["document"], stored(luna)) == (409, {"name": "Theirs"}, {"name": "Theirs"})


@pytest.mark.parametrize("body", [{}, {"revision": 1}, {"revision": 1, "document": []}, [], "x"], ids=str)
def test_what_is_no_document_changes_nothing(
    as_operator: Client, luna: Tenant, draft: BusinessDraft, body: Any
) -> None:
    assert send(as_operator, body)[0] == 422
    assert stored(luna) == DOCUMENT


def test_a_viewer_changes_nothing_and_a_stranger_sees_nothing(
    luna: Tenant, people: dict[str, User], draft: BusinessDraft
) -> None:
    viewer, stranger = client_of(people["viewer"]), client_of(people["stranger"])
    assert send(viewer, {"revision": draft.revision, "document": {}})[0] == 403
    assert stranger.get(PAGE).status_code == 404
    assert stored(luna) == DOCUMENT
