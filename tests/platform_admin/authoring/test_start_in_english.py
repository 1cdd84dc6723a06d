"""A business in English that begins from a template: what its customers read is English, word for word."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest
from django.test import Client

from flow_engine.language.yaml_reader import read_yaml
from platform_admin.authoring.first_day.industries import BY_NAME, INDUSTRIES
from platform_admin.authoring.first_day.industry import Industry
from platform_admin.authoring.places import Visit
from platform_admin.authoring.texts import read_texts
from platform_admin.authoring.trying.access import board_of
from platform_admin.business import actions as business
from platform_admin.business.queries import draft_of
from platform_admin.flows.models import FlowDraft
from platform_admin.knowledge.models import EvaluationQuestion
from platform_admin.knowledge.queries import document_of
from platform_admin.releases.actions import check_release, publish
from platform_admin.releases.gate import State
from platform_admin.releases.provisioning import provision
from platform_admin.tenants.models import Membership, Role, Tenant, User
from tests.platform_admin.authoring.test_home_page import member
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db

EVERY_INDUSTRY = pytest.mark.parametrize("industry", INDUSTRIES, ids=lambda industry: industry.name)
FACTS: Final = {"phone": "020 7946 0000", "address": "1 Station Road"}

SPANISH: Final = re.compile(
    r"[¿¡ñ«»]|\b(?:el|los|las|una|del|que|para|por|con|sin|tu|tus|cita|citas|hora|horas|horario|día|días|mañana|hoy"
    r"|mesa|reserva|reservar|gracias|hola|estamos|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b",
    re.IGNORECASE,
)
"""Signs and words that Spanish sentences have and English ones have not."""

MEANT_FOR_BOTH: Final = frozenset(
    {"¡Hola! ¿Seguimos en español? / Hello! Would you like to speak English?", "Español", "English"}
)
"""The clinic asks in which language to go on."""

A_PLACE: Final = "Plaza del Alba"
"""Of the example; the business's own address comes before it."""

FIRST_MOVES: Final[dict[str, list[dict[str, str]]]] = {
    "hairdresser": [
        {"do": "say", "text": "Hello"},
        {"do": "say", "text": "I'd like to book an appointment"},
        {"do": "say", "text": "cut"},
        {"do": "say", "text": "tomorrow"},
        {"do": "say", "text": "at half past eleven"},
        {"do": "say", "text": "yes"},
        {"do": "say", "text": "my appointments"},
        {"do": "say", "text": "How much is a cut?"},
        {"do": "say", "text": "Who won the league?"},
    ],
    "clinic": [
        {"do": "say", "text": "book an appointment"},
        {"do": "say", "text": "cleaning"},
        {"do": "say", "text": "Ana Smith"},
        {"do": "say", "text": "+44 20 7946 0000"},
        {"do": "say", "text": "24 December 1985"},
        {"do": "say", "text": "yes"},
        {"do": "say", "text": "tomorrow"},
        {"do": "say", "text": "9:30"},
        {"do": "say", "text": "yes"},
        {"do": "say", "text": "my appointments"},
    ],
    "restaurant": [
        {"do": "say", "text": "Do you have a table for 4?"},
        {"do": "say", "text": "tomorrow"},
        {"do": "say", "text": "at 9 in the evening"},
        {"do": "say", "text": "a high chair, please"},
        {"do": "say", "text": "yes"},
        {"do": "say", "text": "my booking"},
        {"do": "say", "text": "Are dogs welcome?"},
    ],
}
"""Said on a Thursday afternoon, when all three are open the day after."""

ENDS_IN: Final = {"hairdresser": "MY_APPOINTMENTS", "clinic": "MIS_CITAS", "restaurant": "MY_BOOKING"}


@pytest.fixture
def moon(db: None) -> Tenant:
    tenant, _secrets = provision(
        slug="moon", name="Moon", language="en-GB", timezone="Europe/London", channel="http_dev", by=COMMAND
    )
    return tenant


@pytest.fixture
def author(moon: Tenant) -> Client:
    user = User.objects.create_user("author@example.com", "a long enough password")
    Membership.objects.create(tenant=moon, user=user, role=Role.EDITOR)
    return member(user)


def begin(author: Client, moon: Tenant, industry: Industry) -> FlowDraft:
    author.post("/admin/authoring/moon/start/begin", {"industry": industry.name})
    return FlowDraft.objects.for_tenant(moon).get()


def write_facts(moon: Tenant) -> None:
    written = draft_of(moon)
    assert written is not None
    business.save_draft(tenant=moon, document={**written.document, **FACTS}, by=COMMAND)


def words_of(value: Any) -> list[str]:
    """Every text of an output that a customer reads: bodies, titles, descriptions; no ids and no media."""
    if isinstance(value, dict):
        read = [item for key, item in value.items() if key not in {"id", "payload", "kind"}]
        return [words for item in read for words in words_of(item)]
    if isinstance(value, list):
        return [words for item in value for words in words_of(item)]
    return [value] if isinstance(value, str) else []


def spanish_in(texts: list[str]) -> list[str]:
    return [text for text in texts if text not in MEANT_FOR_BOTH and SPANISH.search(text.replace(A_PLACE, ""))]


@EVERY_INDUSTRY
def test_every_text_of_the_conversation_has_english_words(industry: Industry, moon: Tenant, author: Client) -> None:
    draft = begin(author, moon, industry)
    rows = read_texts(read_yaml(draft.text).value)
    read = [row.text for row in rows if row.language in {"", "en"}]
    assert len(read) > 60
    assert all(read)
    assert spanish_in(read) == []
    spoken_twice = {json.loads(row.path)[-1] for row in rows if row.language}
    assert spoken_twice == ({"es", "en"} if industry is BY_NAME["clinic"] else set())


@EVERY_INDUSTRY
def test_faq_services_and_questions_are_in_english(industry: Industry, moon: Tenant, author: Client) -> None:
    begin(author, moon, industry)
    document, written = document_of(moon), draft_of(moon)
    assert document is not None
    assert written is not None
    assert document.draft.startswith("# What ")
    assert document.draft.count("\n## ") >= 10
    assert {"{{ business.hours }}", "{{ business.address }}", "{{ business.phone }}"} <= set(
        re.findall(r"\{\{.*?\}\}", document.draft)
    )
    assert spanish_in(document.draft.splitlines()) == []
    assert spanish_in([service["name"] for service in written.document["services"]]) == []
    questions = list(EvaluationQuestion.objects.for_tenant(moon))
    assert len(questions) >= 3
    assert spanish_in([question.question for question in questions]) == []


@EVERY_INDUSTRY
def test_a_customer_who_writes_in_english_reads_english(industry: Industry, moon: Tenant, author: Client) -> None:
    begin(author, moon, industry)
    write_facts(moon)
    moves = FIRST_MOVES[industry.name]
    answer = author.post(
        "/admin/authoring/moon/conversation/phone",
        json.dumps({"now": "2026-11-26T15:05", "moves": moves}),
        content_type="application/json",
    )
    chat = answer.json()
    said = [words for bubble in chat["bubbles"] if bubble["by"] == "bot" for words in words_of(bubble["output"])]
    assert (answer.status_code, chat["problem"], chat["state"]) == (200, None, ENDS_IN[industry.name])
    assert spanish_in(said) == []


@EVERY_INDUSTRY
def test_the_tests_of_the_template_hold_and_their_chats_are_english(
    industry: Industry, moon: Tenant, author: Client
) -> None:
    begin(author, moon, industry)
    user = User.objects.get(email="author@example.com")
    board = board_of(Visit(user, moon, may_edit=True, may_publish=False))
    assert board is not None
    assert [case.name for case in board.cases if not case.passed] == []
    assert board.untested == ()
    in_english = [case for case in board.cases if industry is not BY_NAME["clinic"] or "english" in case.name]
    assert len(in_english) >= (2 if industry is BY_NAME["clinic"] else 15)
    chats = [line.text for case in in_english if case.result for line in case.result.chat if line.by == "bot"]
    assert spanish_in(chats) == []


@EVERY_INDUSTRY
def test_with_its_telephone_and_address_it_can_be_published(industry: Industry, moon: Tenant, author: Client) -> None:
    begin(author, moon, industry)
    write_facts(moon)
    report = check_release(tenant=moon, by=COMMAND)
    states = {result.check.code: result.outcome.state for result in report.results}
    assert [str(fault) for fault in report.faults if fault.code[0] != "K"] == []
    assert (states["tests"], states["evaluation"], report.passed) == (State.PASSED, State.PASSED, True)
    assert publish(tenant=moon, by=COMMAND).serial == 1


def test_a_language_that_no_template_speaks_gets_english_and_is_told(moon: Tenant, author: Client) -> None:
    Tenant.objects.filter(pk=moon.pk).update(language="fr")
    page = author.get("/admin/authoring/moon/start/").content.decode()
    assert page.count("in English</span>") == 2
    assert page.count("badge-warn") == 3
    assert "id: hairdresser\n" in begin(author, moon, BY_NAME["hairdresser"]).text
