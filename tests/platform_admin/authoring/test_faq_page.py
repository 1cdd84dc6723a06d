"""The FAQ page: saved as it is typed, never over somebody else's text, tried with questions."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from connectors.kernel.egress.policy import THIS_MACHINE
from platform_admin.business import actions as business
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.models import EvaluationQuestion, KnowledgeDocument
from platform_admin.observability.attention import UnansweredQuestion
from platform_admin.releases.actions import save_settings
from platform_admin.tenants.models import Tenant, User
from tests.fakes.messages_api_openai import FakeChatCompletions
from tests.fakes.threaded_server import ThreadedServer
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


ANSWER = {
    "answerable": True,
    "answer": "Abrimos de 10:00 a 20:00.",
    "quotes": [{"block": 1, "quote": "Abrimos de 10:00 a 20:00."}],
}


def model(luna: Tenant, url: str, *, enabled: bool = True) -> None:
    """The business's own language model, at a server of this machine."""
    settings = {
        "channels": [{"type": "http_dev"}],
        "connectors": {"llm": {"type": "openai_compatible", "base_url": url, "model": "small-1"}},
        "llm": {"enabled": enabled},
    }
    save_settings(tenant=luna, document=settings, by=COMMAND)  # type: ignore[arg-type] # plain JSON


def test_a_question_is_worded_by_the_businesss_own_language_model(
    luna: Tenant, people: dict[str, User], document: KnowledgeDocument, settings: Settings
) -> None:
    settings.PROBE_EGRESS = THIS_MACHINE
    fake = FakeChatCompletions(brain=lambda _: ANSWER)
    with ThreadedServer(fake.app) as server:
        model(luna, f"{server.url}/v1")
        tried = send(client_of(people["editor"]), "ask", {"question": "¿A qué hora abrimos?"})[1]
        assert tried["llm"] == {"reached": True, "text": "Abrimos de 10:00 a 20:00."}
        assert send(client_of(people["viewer"]), "ask", {"question": "¿A qué hora abrimos?"})[1]["llm"] is None
        model(luna, f"{server.url}/v1", enabled=False)
        assert send(client_of(people["editor"]), "ask", {"question": "¿A qué hora abrimos?"})[1]["llm"] is None
    assert fake.calls == 1


def test_a_model_that_invents_is_not_heard_and_one_that_is_away_is_said_to_be(
    luna: Tenant, people: dict[str, User], document: KnowledgeDocument, settings: Settings
) -> None:
    settings.PROBE_EGRESS = THIS_MACHINE
    editor = client_of(people["editor"])
    fake = FakeChatCompletions(brain=lambda _: {**ANSWER, "answer": "Abrimos de 9:00 a 22:00."})
    with ThreadedServer(fake.app) as server:
        model(luna, f"{server.url}/v1")
        worded = send(editor, "ask", {"question": "¿A qué hora abrimos?"})[1]["llm"]
        assert worded == {"reached": True, "text": "Abrimos de 10:00 a 20:00."}  # the document's own words
    away = send(editor, "ask", {"question": "¿A qué hora abrimos?"})[1]
    assert away["llm"] == {"reached": False, "text": ""}


REFUSED = [
    ({"text": "x"}, 422),
    ({"revision": 1}, 422),
    ({"revision": True, "text": "x"}, 422),
    ({"revision": 1, "text": "x" * 600_000}, 422),
    ({"revision": 1, "text": "\0"}, 422),
    ({"revision": 1, "text": "\ud800"}, 422),
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


def asked(tenant: Tenant, *questions: str) -> None:
    for number, question in enumerate(questions):
        UnansweredQuestion.objects.create(
            tenant=tenant, question_id=f"{tenant.slug}{number}", question=question, at=timezone.now()
        )


def test_what_customers_asked_in_vain_is_put_together_and_only_here(
    as_operator: Client, luna: Tenant, sol: Tenant, document: KnowledgeDocument
) -> None:
    asked(luna, "¿Hay wifi?", "¿Tenéis wifi?", "¿Hacéis uñas?")
    asked(sol, "¿Otra tienda?")
    gaps = as_operator.get(PAGE).context["begin"]["gaps"]
    assert [(gap["question"], gap["count"]) for gap in gaps] == [("¿Tenéis wifi?", 2), ("¿Hacéis uñas?", 1)]


SECTIONS = "# FAQ\n\n## Precios\n\nEl corte cuesta 18 €.\n\n## El local\n\nHay aire acondicionado en el local.\n"


def test_an_answer_goes_to_its_heading_closes_the_gap_and_becomes_a_check(
    luna: Tenant, people: dict[str, User], document: KnowledgeDocument
) -> None:
    saved = knowledge.save_draft(tenant=luna, markdown=SECTIONS, by=COMMAND)
    asked(luna, "¿Hay wifi en el local?", "¿Tenéis wifi en el local?")
    editor = client_of(people["editor"])
    (gap,) = editor.get(PAGE).context["begin"]["gaps"]
    assert (gap["count"], gap["under"]) == (2, 7)
    body = {
        "revision": saved.revision, "under": 3, "title": "¿Hay wifi?", "question": gap["question"], "ids": gap["ids"],
        "answer": "En el local hay wifi gratis para todos.",
    }  # fmt: skip
    status, answer = send(editor, "answer", body)
    assert (status, answer["gaps"]) == (200, [])
    assert stored(luna) == SECTIONS.replace(
        "18 €.\n", "18 €.\n\n### ¿Hay wifi?\n\nEn el local hay wifi gratis para todos.\n"
    )
    (check,) = answer["draft"]["checks"]
    assert (check["question"], check["heading"], check["holds"]) == (gap["question"], "¿Hay wifi?", True)
    assert set(UnansweredQuestion.objects.for_tenant(luna).values_list("state", flat=True)) == {"answered"}


BAD_ANSWERS = [
    ({"revision": 0}, 409),
    ({"title": " "}, 422),
    ({"answer": ""}, 422),
    ({"question": 7}, 422),
    ({"revision": "1"}, 422),
    ({"answer": "x" * 600_000}, 422),
]


@pytest.mark.parametrize(("wrong", "status"), BAD_ANSWERS, ids=lambda value: str(value)[:30])
def test_an_answer_that_cannot_be_kept_changes_nothing(
    as_operator: Client, luna: Tenant, document: KnowledgeDocument, wrong: dict[str, Any], status: int
) -> None:
    asked(luna, "¿Hay wifi?")
    good = {"revision": document.revision, "under": 0, "title": "Wifi", "answer": "Hay.", "question": "¿Wifi?"}
    assert send(as_operator, "answer", {**good, **wrong})[0] == status
    assert stored(luna) == KNOWLEDGE
    assert not EvaluationQuestion.objects.for_tenant(luna).exists()
    assert UnansweredQuestion.objects.for_tenant(luna).get().state == "open"


def test_what_is_not_for_this_business_leaves_the_list(
    luna: Tenant, sol: Tenant, people: dict[str, User], document: KnowledgeDocument
) -> None:
    asked(luna, "¿Hay piscina?")
    asked(sol, "¿Hay piscina?")
    keys = list(UnansweredQuestion.objects.across_tenants("a test looks").values_list("pk", flat=True))
    assert send(client_of(people["viewer"]), "put-aside", {"ids": keys})[0] == 403
    assert send(client_of(people["editor"]), "put-aside", {"ids": [*keys, "x"]})[1]["gaps"] == []
    assert UnansweredQuestion.objects.for_tenant(luna).get().state == "dismissed"
    assert UnansweredQuestion.objects.for_tenant(sol).get().state == "open"


def test_a_question_is_kept_as_it_is_answered_now_and_turns_red_when_that_changes(
    luna: Tenant, people: dict[str, User], document: KnowledgeDocument
) -> None:
    saved = knowledge.save_draft(tenant=luna, markdown=SECTIONS, by=COMMAND)
    editor = client_of(people["editor"])
    send(editor, "expect", {"question": "¿Cuánto cuesta el corte?"})
    _, state = send(editor, "expect", {"question": "¿Hay piscina?"})
    found = [(one["question"], one["heading"], one["holds"]) for one in state["draft"]["checks"]]
    assert found == [("¿Cuánto cuesta el corte?", "Precios", True), ("¿Hay piscina?", "", True)]
    text = SECTIONS.replace("## Precios", "## Tarifas") + "\n## Piscina\n\nHay piscina en la azotea.\n"
    _, state = send(editor, "draft", {"revision": saved.revision, "text": text})
    assert [one["holds"] for one in state["checks"]] == [False, False]
    assert state["checks"][1]["got"]["heading"] == "Piscina"
    assert send(client_of(people["viewer"]), "expect-no-more", {"id": state["checks"][0]["id"]})[0] == 403
    _, state = send(editor, "expect-no-more", {"id": state["checks"][0]["id"]})
    assert [one["question"] for one in state["draft"]["checks"]] == ["¿Hay piscina?"]


@pytest.mark.parametrize("body", [{"question": ""}, {"question": 7}, {"question": "x" * 5}], ids=str)
def test_a_question_is_not_kept_by_who_may_not_or_when_there_is_none(
    luna: Tenant, people: dict[str, User], document: KnowledgeDocument, body: dict[str, Any]
) -> None:
    assert send(client_of(people["viewer"]), "expect", body)[0] in (403, 422)
    assert not EvaluationQuestion.objects.for_tenant(luna).exists()


def test_facts_come_from_hours_and_services_and_are_filled_where_they_are_read(
    as_operator: Client, luna: Tenant, document: KnowledgeDocument
) -> None:
    business.save_draft(tenant=luna, document={"phone": "600 000 000", "hours": {"mon": ["10:00-14:00"]}}, by=COMMAND)
    begin = as_operator.get(PAGE).context["begin"]
    assert {"key": "business.phone", "title": "Teléfono", "text": "600 000 000"} in begin["facts"]
    text = "## Contacto\n\nLlama al {{ business.phone }}.\n\n## Fax\n\nEl fax es {{ business.fax }}.\n"
    _, state = send(as_operator, "draft", {"revision": document.revision, "text": text})
    assert "Llama al 600 000 000." in state["preview"]
    assert state["unknown"] == [{"key": "business.fax", "line": 7}]
    assert send(as_operator, "ask", {"question": "¿Cuál es el contacto?"})[1]["text"] == "Llama al 600 000 000."
    business.save_draft(tenant=luna, document={"phone": "699 999 999"}, by=COMMAND)
    assert send(as_operator, "ask", {"question": "¿Cuál es el contacto?"})[1]["text"] == "Llama al 699 999 999."


def test_a_tried_question_says_what_it_rests_on_and_why_it_is_not_said(
    as_operator: Client, luna: Tenant, document: KnowledgeDocument
) -> None:
    long = "El aparcamiento está cerca. " * 40
    knowledge.save_draft(
        tenant=luna, markdown=f"## Aparcamiento\n\n{long}\n\n## Wifi\n\nHay wifi gratis.\n", by=COMMAND
    )
    _, tried = send(as_operator, "ask", {"question": "¿Hay aparcamiento?"})
    assert (tried["answered"], tried["heading"]) == (False, "Aparcamiento")
    assert tried["why"].startswith("This was found, and is not said: it is too long")
    _, tried = send(as_operator, "ask", {"question": "¿wifi?"})
    assert (tried["quote"], tried["headings"]) == ("Hay wifi gratis.", ["Wifi"])
    assert tried["why"] == "Allowed: it is said in the FAQ's own words."


def test_another_business_is_not_there(people: dict[str, User], document: KnowledgeDocument) -> None:
    stranger = client_of(people["stranger"])
    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(f"{PAGE}ask", "{}", content_type="application/json").status_code == 404
