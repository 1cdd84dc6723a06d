"""The FAQ page: saved as it is typed, never over somebody else's text, tried with questions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.models import KnowledgeDocument
from platform_admin.observability.attention import UnansweredQuestion
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.authoring.test_conversation_page import client_of
from tests.platform_admin.business import COMMAND, KNOWLEDGE

pytestmark = pytest.mark.django_db

PAGE = "/admin/authoring/luna/faq/"


@pytest.fixture
def document(luna: Tenant) -> KnowledgeDocument:
    return knowledge.save_draft(tenant=luna, markdown=KNOWLEDGE, by=COMMAND)


def send(client: Client, address: str, body: Any) -> tuple[int, dict[str, Any]]:
    answer = client.post(f"{PAGE}{address}", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def stored(tenant: Tenant) -> str:
    return KnowledgeDocument.objects.for_tenant(tenant).get().draft


def test_the_page_shows_the_text_and_its_sections(as_operator: Client, document: KnowledgeDocument) -> None:
    begin = as_operator.get(PAGE).context["begin"]
    assert begin["draft"]["text"] == KNOWLEDGE
    assert [section["title"] for section in begin["draft"]["outline"]] == ["Luna"]


def test_what_is_typed_is_saved_and_rendered(as_operator: Client, luna: Tenant, document: KnowledgeDocument) -> None:
    status, state = send(as_operator, "draft", {"revision": document.revision, "text": "# New\r\n\n*Hi*"})
    assert status == 200
    assert "<em>Hi</em>" in state["preview"]
    assert stored(luna) == "# New\n\n*Hi*"


def test_the_second_of_two_writers_gets_both_texts(
    luna: Tenant, people: dict[str, User], document: KnowledgeDocument
) -> None:
    seen = document.revision
    send(client_of(people["editor"]), "draft", {"revision": seen, "text": "theirs"})
    status, answer = send(client_of(people["owner"]), "draft", {"revision": seen, "text": "mine"})
    assert (status, answer["theirs"]["text"], stored(luna)) == (409, "theirs", "theirs")
    assert "editor@example.com" in answer["message"]


REFUSED = [
    ({"text": "x"}, 422),
    ({"revision": 1}, 422),
    ({"revision": True, "text": "x"}, 422),
    ({"revision": 1, "text": "x" * 600_000}, 422),
]


@pytest.mark.parametrize(("body", "status"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_cannot_be_saved_changes_nothing(
    as_operator: Client, luna: Tenant, document: KnowledgeDocument, body: dict[str, Any], status: int
) -> None:
    assert send(as_operator, "draft", body)[0] == status
    assert stored(luna) == KNOWLEDGE


def test_a_viewer_reads_and_asks_but_saves_nothing(
    luna: Tenant, people: dict[str, User], document: KnowledgeDocument
) -> None:
    viewer = client_of(people["viewer"])
    assert send(viewer, "draft", {"revision": document.revision, "text": "mine"})[0] == 403
    assert stored(luna) == KNOWLEDGE
    assert send(viewer, "ask", {"question": "¿Cuándo abrís?"})[0] == 200


def test_a_question_is_tried_on_the_draft(as_operator: Client, document: KnowledgeDocument) -> None:
    knowledge.save_draft(tenant=document.tenant, markdown="## Horario\n\nAbrimos de 10:00 a 20:00.\n", by=COMMAND)
    status, tried = send(as_operator, "ask", {"question": "¿A qué hora abrís?"})
    assert (status, tried["answered"], tried["text"]) == (200, True, "Abrimos de 10:00 a 20:00.")
    assert send(as_operator, "ask", {"question": "¿Hay piscina?"})[1]["answered"] is False
    assert send(as_operator, "ask", {"question": " "}) == (422, {"message": "Write a question first."})


def test_what_customers_asked_in_vain_is_listed_once_and_only_here(
    as_operator: Client, luna: Tenant, sol: Tenant, document: KnowledgeDocument
) -> None:
    for number, (tenant, question) in enumerate([(luna, "¿Hay wifi?"), (luna, "¿Hay wifi?"), (sol, "¿Otra tienda?")]):
        UnansweredQuestion.objects.create(tenant=tenant, question_id=str(number), question=question, at=timezone.now())
    assert as_operator.get(PAGE).context["asked"] == ["¿Hay wifi?"]


def test_another_business_is_not_there(people: dict[str, User], document: KnowledgeDocument) -> None:
    stranger = client_of(people["stranger"])
    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(f"{PAGE}ask", "{}", content_type="application/json").status_code == 404
