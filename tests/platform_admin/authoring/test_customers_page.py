"""Customers, for people of the business: what was said and why, and a person's own word in between."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from platform_admin.commands.actions import CommandResult, note_results
from platform_admin.commands.models import RuntimeCommand
from platform_admin.message_templates.models import MessageTemplate, TemplateAccount
from platform_admin.observability.models import Turn
from platform_admin.sight.window import window_of
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.authoring.test_home_page import member
from tests.platform_admin.sight.seeded import CONTACT, seed

pytestmark = pytest.mark.django_db

LIST = "/admin/authoring/luna/customers/"
ONE = f"{LIST}conv/"
FORM = {"channel": "whatsapp:1", "contact": CONTACT, "conversation": "conv"}


@pytest.fixture
def seeded(luna: Tenant, sol: Tenant) -> Tenant:
    seed(luna)
    seed(sol, mark="xcanaryx")
    return luna


def template(tenant: Tenant, name: str, **facts: object) -> None:
    account, _ = TemplateAccount.objects.for_tenant(tenant).get_or_create(tenant=tenant, waba_id="1")
    given = {"language": "es", "status": "APPROVED", "parameters": 1, "seen_at": timezone.now(), **facts}
    MessageTemplate.objects.create(tenant=tenant, account=account, name=name, **given)


def queued(tenant: Tenant) -> list[tuple[str, dict[str, object]]]:
    return [(row.kind, row.payload) for row in RuntimeCommand.objects.for_tenant(tenant).order_by("pk")]


def test_the_list_says_who_wrote_where_they_are_and_who_waits(seeded: Tenant, people: dict[str, User]) -> None:
    page = member(people["editor"]).get(LIST)
    (customer,) = page.context["customers"]
    assert (customer.short, customer.step, customer.hand_off is not None) == ("···41", "Hours", True)
    assert (page.context["waiting"], "xcanaryx" in page.content.decode()) == (1, False)
    assert "Horario" in page.content.decode()
    assert "WhatsApp ···1" in page.content.decode()
    found = member(people["editor"]).get(LIST, {"show": "waiting", "q": "nobody"})
    assert found.context["customers"] == []
    assert "Nobody found" not in found.content.decode()  # it says that nobody waits


def test_a_conversation_shows_every_turn_with_its_reasons(seeded: Tenant, people: dict[str, User]) -> None:
    page = member(people["editor"]).get(ONE).content.decode()
    for said in ("¿Qué le hacemos?", "De 10 a 20.", "Why?", "¿Me puede llamar alguien?", "the calendar"):
        assert said in page


def test_a_turn_is_told_as_the_business_sees_its_clocks(seeded: Tenant, people: dict[str, User]) -> None:
    late = timezone.now().astimezone(UTC).replace(hour=23, minute=30, second=0, microsecond=0) - timedelta(days=1)
    Turn.objects.for_tenant(seeded).filter(conversation="conv").update(at=late)
    page = member(people["editor"]).get(ONE).content.decode()
    told = date_format(late.astimezone(ZoneInfo(seeded.timezone)), "SHORT_DATETIME_FORMAT")
    assert told in page
    assert date_format(late, "SHORT_DATETIME_FORMAT") not in page


def test_who_may_only_look_reads_no_words_and_has_no_buttons(seeded: Tenant, people: dict[str, User]) -> None:
    viewer = member(people["viewer"])
    for address in (LIST, ONE):
        page = viewer.get(address).content.decode()
        assert viewer.get(address).status_code == 200
        for hidden in ("hola", "Horario", "¿Qué le hacemos?", "¿Me puede llamar", "De 10 a 20.", "asked for a person"):
            assert hidden not in page, (address, hidden)
        assert "/do/" not in page


ASKING = [
    ("pause", {}, "pause_contact", {}),
    ("hand-back", {}, "resume_contact", {}),
    (
        "reply",
        {"text": " Ahora le llamo. "},
        "staff_reply",
        {"text": "Ahora le llamo.", "author": "editor@example.com"},
    ),
]


@pytest.mark.parametrize(("verb", "form", "kind", "payload"), ASKING, ids=[row[0] for row in ASKING])
def test_a_button_asks_the_bot_and_only_for_who_may(
    verb: str, form: dict[str, str], kind: str, payload: dict[str, str], seeded: Tenant, people: dict[str, User]
) -> None:
    address = f"{LIST}do/{verb}"
    member(people["viewer"]).post(address, {**FORM, **form})
    assert member(people["stranger"]).post(address, {**FORM, **form}).status_code == 404
    assert queued(seeded) == []
    answer = member(people["editor"]).post(address, {**FORM, **form})
    assert answer["Location"] == ONE
    assert queued(seeded) == [(kind, {"channel": "whatsapp:1", "contact": CONTACT, **payload})]


WRONG = [
    ("reply", {"text": "  "}, "Write something first."),
    ("reply", {"text": "x" * 4097}, "The reply is too long"),
    ("template", {"template": "gone", "language": "es"}, "This template is not there any more."),
    ("template", {"template": "hola", "language": "es", "blank_1": " "}, "Fill every blank of the template."),
]


@pytest.mark.parametrize(("verb", "form", "said"), WRONG)
def test_what_cannot_be_said_is_not_sent(
    verb: str, form: dict[str, str], said: str, seeded: Tenant, people: dict[str, User]
) -> None:
    template(seeded, "hola")
    answer = member(people["editor"]).post(f"{LIST}do/{verb}", {**FORM, **form}, follow=True)
    assert said in answer.content.decode()
    assert queued(seeded) == []


def test_after_a_day_a_text_is_refused_whatever_the_page_showed(seeded: Tenant, people: dict[str, User]) -> None:
    Turn.objects.for_tenant(seeded).update(at=timezone.now() - timedelta(hours=25))
    editor, before = member(people["editor"]), AuditEntry.objects.count()
    answer = editor.post(f"{LIST}do/reply", {**FORM, "text": "Ya voy"}, follow=True).content.decode()
    assert "WhatsApp takes only an approved template now" in answer
    assert "On its way to the customer." not in answer
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"
    answer = editor.post(f"{LIST}do/reply", {**FORM, "text": "Ya voy"}, follow=True).content.decode()
    assert "plantilla" in answer
    assert queued(seeded) == []
    assert AuditEntry.objects.count() == before


def test_after_a_day_only_a_template_can_be_sent_and_its_blanks_are_filled(
    seeded: Tenant, people: dict[str, User]
) -> None:
    editor = member(people["editor"])
    assert 'name="text"' in editor.get(ONE).content.decode()
    Turn.objects.for_tenant(seeded).update(at=timezone.now() - timedelta(hours=25))
    template(seeded, "hola", parameters=["name"])
    template(seeded, "picture", header={"format": "IMAGE"})
    template(seeded, "paused", status="PAUSED")
    page = editor.get(ONE)
    assert 'name="text"' not in page.content.decode()
    assert [one.name for one in page.context["templates"]] == ["hola"]
    editor.post(f"{LIST}do/template", {**FORM, "template": "hola", "language": "es", "blank_name": "Ana"})
    wanted = {"name": "hola", "language": "es", "parameters": [{"text": "Ana", "name": "name"}]}
    assert queued(seeded) == [
        (
            "staff_reply",
            {"channel": "whatsapp:1", "contact": CONTACT, "template": wanted, "author": "editor@example.com"},
        )
    ]


def test_what_became_of_an_answer_is_told_in_words_and_its_words_are_forgotten(
    seeded: Tenant, people: dict[str, User]
) -> None:
    editor = member(people["editor"])
    editor.post(f"{LIST}do/reply", {**FORM, "text": "secreto"})
    command = RuntimeCommand.objects.for_tenant(seeded).get()
    result = CommandResult(command.public_id, "refused", "window_closed: The customer wrote over 24 hours ago.", None)
    note_results(tenant=seeded, results=[result], now=timezone.now())
    page = editor.get(ONE).content.decode()
    assert "not possible" in page
    assert "only a template may be sent" in page
    assert "secreto" not in str(queued(seeded))


def test_another_business_and_nobody_are_the_same(seeded: Tenant, people: dict[str, User]) -> None:
    owner = member(people["owner"])
    for address in ("/admin/authoring/sol/customers/", "/admin/authoring/sol/customers/convxcanaryx/", f"{LIST}none/"):
        assert owner.get(address).status_code == 404
    assert owner.post("/admin/authoring/sol/customers/do/pause", FORM).status_code == 404
    assert owner.post(f"{LIST}do/dance", FORM).status_code == 404
    assert owner.get(f"{LIST}do/pause").status_code == 405
    assert RuntimeCommand.objects.across_tenants("a test looks").count() == 0


@pytest.mark.parametrize(
    ("channel", "hours", "is_open"),
    [("whatsapp:1", 23.9, True), ("whatsapp:1", 24.1, False), ("telegram:1", 900, True), ("whatsapp:1", None, False)],
)
def test_the_window_is_whatsapps_alone(channel: str, hours: float | None, is_open: bool) -> None:
    now = timezone.now()
    turns = [] if hours is None else [Turn(at=now - timedelta(hours=hours), heard="hola")]
    assert window_of(channel, [Turn(at=now, heard=""), *turns], now=now).is_open is is_open
