"""Words of customers, on every page that could show them: for those who may answer, and nobody below."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from platform_admin.commands.models import RuntimeCommand
from platform_admin.tenants.customers_words import reads_words
from platform_admin.tenants.models import Role, Tenant, User
from tests.platform_admin.sight.seeded import QUESTIONS, seed

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
"""As JSON in a page has it."""

TURNS = ["hola", "Horario", "¡Hola! ¿Qué le hacemos?", "De 10 a 20."]
MEANWHILE = ["¿Me puede llamar alguien?", "asked for a person"]

# name of the address, its arguments after the slug, the words of customers on it, what a viewer sees all the same
PAGES: list[tuple[str, list[object], list[str], list[str]]] = [
    ("sight:conversations", [], ["Horario"], ["c-5f1c0a9be2d4-41", "HOURS"]),
    (
        "sight:conversation",
        ["conv"],
        [*TURNS, "asked for a person", "HOURS is entered: the transition leads there.", "the calendar"],
        ["MENU", "A person is wanted", "•••"],
    ),
    ("sight:hand_offs", [], [*MEANWHILE, "</a> over ", "131047 window closed"], ["c-5f1c0a9be2d4-41", "waits since"]),
    ("sight:questions", [], QUESTIONS, ["2 times", "•••"]),
    ("sight:work", [], ["131047 window closed"], ["reminder", "followup", "outbound"]),
    ("authoring:customers", [], ["Horario"], ["···41"]),
    ("authoring:customer", ["conv"], [*TURNS, *MEANWHILE], ["•••", "Waits for a person"]),
    ("authoring:faq", [], ["¿Tenéis parking?", "hay parking cerca"], ["shown to people who may answer"]),
    ("authoring:home", [], ["¿Tenéis parking?"], ["questions were asked and not answered"]),
]


@pytest.fixture
def seeded(luna: Tenant) -> Tenant:
    """With an answer of the runtime that says a customer's words again."""
    seed(luna)
    detail = "131047 window closed"
    RuntimeCommand.objects.create(
        tenant=luna, kind="staff_reply", state="failed", detail=detail, issued_at=now(), expires_at=now()
    )
    return luna


def page(user: User, name: str, arguments: list[object]) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(name, args=["luna", *arguments]))
    assert answer.status_code == 200
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), answer.content.decode())


@pytest.mark.parametrize(("name", "arguments", "words", "all_the_same"), PAGES, ids=[row[0] for row in PAGES])
def test_a_viewer_reads_none_of_the_words(
    name: str,
    arguments: list[object],
    words: list[str],
    all_the_same: list[str],
    seeded: Tenant,
    people: dict[str, User],
) -> None:
    shown = page(people["viewer"], name, arguments)
    assert [word for word in words if word in shown] == []
    assert [text for text in all_the_same if text not in shown] == []


@pytest.mark.parametrize("role", [role.value for role in Role if role is not Role.VIEWER])
@pytest.mark.parametrize(("name", "arguments", "words", "all_the_same"), PAGES, ids=[row[0] for row in PAGES])
def test_who_may_answer_reads_all_of_them(
    name: str,
    arguments: list[object],
    words: list[str],
    all_the_same: list[str],
    role: str,
    seeded: Tenant,
    people: dict[str, User],
) -> None:
    shown = page(people[role], name, arguments)
    assert [word for word in words if word not in shown] == []


def test_a_viewer_is_not_given_the_questions_by_an_answer_of_the_faq_page(
    seeded: Tenant, people: dict[str, User]
) -> None:
    client = Client()
    client.force_login(people["viewer"])
    for name in ("faq-expect-no-more", "faq-put-aside"):
        answer = client.post(
            reverse(f"authoring:{name}", args=["luna"]), {"id": 0, "ids": []}, content_type="application/json"
        )
        assert "parking" not in answer.content.decode()


def test_nobody_from_outside_reads_any() -> None:
    assert {role: reads_words(role) for role in (None, *Role)} == {
        None: False, Role.VIEWER: False, Role.EDITOR: True, Role.PUBLISHER: True, Role.OWNER: True,
    }  # fmt: skip
