"""A person's reply from Sight: in words of her own within 24 hours, by an approved template afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from platform_admin.commands.models import RuntimeCommand
from platform_admin.message_templates.models import MessageTemplate, TemplateAccount
from platform_admin.observability.models import Turn
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.sight.seeded import CONTACT, seed

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

DO = "/admin/sight/luna/do/"
WHOM = {"channel": "whatsapp:1", "contact": CONTACT}


@pytest.fixture
def editor(luna: Tenant, people: dict[str, User]) -> Client:
    """Luna has an approved template with one blank."""
    seed(luna)
    account = TemplateAccount.objects.create(tenant=luna, waba_id="1")
    MessageTemplate.objects.create(
        tenant=luna, account=account, name="come_back", language="es", status="APPROVED", parameters=1,
        seen_at=timezone.now(),
    )  # fmt: skip
    client = Client()
    client.force_login(people["editor"])
    return client


def pages(client: Client) -> list[str]:
    found = [f"/admin/sight/luna/{path}" for path in ("conversations/conv/", "people-wanted/")]
    return [client.get(address).content.decode() for address in found]


def late(tenant: Tenant) -> None:
    Turn.objects.for_tenant(tenant).update(at=timezone.now() - timedelta(hours=25))


def payloads(tenant: Tenant) -> list[dict[str, object]]:
    return [row.payload for row in RuntimeCommand.objects.for_tenant(tenant)]


def test_within_the_window_there_is_a_form_for_words(editor: Client, luna: Tenant) -> None:
    for page in pages(editor):
        assert "do/reply/" in page
        assert "do/template/" not in page
    editor.post(f"{DO}reply/", {**WHOM, "text": "Ya voy"})
    assert [payload["text"] for payload in payloads(luna)] == ["Ya voy"]


def test_later_there_are_templates_and_a_text_is_refused_at_once(editor: Client, luna: Tenant) -> None:
    late(luna)
    for page in pages(editor):
        assert "do/reply/" not in page
        assert "do/template/" in page
        assert "come_back" in page
    answer = editor.post(f"{DO}reply/", {**WHOM, "text": "Ya voy"}, follow=True).content.decode()
    assert "WhatsApp takes only an approved template now" in answer
    assert payloads(luna) == []
    editor.post(f"{DO}template/", {**WHOM, "template": "come_back", "language": "es", "blank_1": "mañana"})
    assert [payload["template"] for payload in payloads(luna)] == [
        {"name": "come_back", "language": "es", "parameters": [{"text": "mañana"}]}
    ]


@pytest.mark.parametrize("form", [{"template": "other", "blank_1": "x"}, {"template": "come_back", "blank_1": " "}])
def test_a_template_that_is_not_there_or_not_filled_is_not_sent(
    form: dict[str, str], editor: Client, luna: Tenant
) -> None:
    late(luna)
    editor.post(f"{DO}template/", {**WHOM, "language": "es", **form})
    assert payloads(luna) == []
