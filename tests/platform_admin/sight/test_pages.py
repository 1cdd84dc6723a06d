"""Every page of a business: what it shows, and to whom; and what the buttons do."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from platform_admin.commands.models import RuntimeCommand
from platform_admin.observability.models import DeadLetter, ScheduledTask, UnansweredQuestion
from platform_admin.releases.queries import live_release
from platform_admin.tenants.models import AuditEntry, Tenant, User
from tests.platform_admin.sight.seeded import CONTACT, seed

pytestmark = [
    pytest.mark.django_db,
    # django-unfold overrides a method whose signature Django 6.1 widened; theirs to change.
    pytest.mark.filterwarnings("ignore:Overriding get_action_choices"),
]

CANARY = "sol-canary-7d1f"

# name of the address, its arguments after the slug, what must be on the page
PAGES: list[tuple[str, list[object], list[str]]] = [
    ("summary", [], ["a connector is cut off", "CONFIRM", "booked"]),
    ("conversations", [], [CONTACT, "Horario"]),
    ("conversation", ["conv"], ["HOURS is entered: the transition leads there.", "from the future", "timeout"]),
    ("hand_offs", [], ["¿Me puede llamar alguien?", "Nobody waits"]),
    ("questions", [], ["¿Tenéis parking?", "hay parking cerca", "2 times"]),
    ("work", [], ["reminder", "followup", "131047 window closed"]),
    ("health", [], ["calendar", "120 ms", "410,000 of 500,000", "4,200 tokens read and 310 written", "slow"]),
    ("releases", [], ["Go back to this", "live"]),
    ("release", [2], ["Menu says", "The conversation has no faults"]),
]


@pytest.fixture
def seeded(luna: Tenant, sol: Tenant) -> Tenant:
    seed(luna)
    seed(sol, mark=CANARY)
    return luna


def signed_in_as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(("name", "arguments", "shown"), PAGES, ids=[row[0] for row in PAGES])
def test_a_page_shows_its_own_business(
    name: str, arguments: list[object], shown: list[str], as_operator: Client, seeded: Tenant
) -> None:
    url = reverse(f"sight:{name}", args=["luna", *arguments])
    answer = as_operator.get(url)
    page = answer.content.decode()
    assert answer.status_code == 200
    wanted = [text for text in shown if text != "Nobody waits"]
    assert [text for text in wanted if text not in page] == []
    assert CANARY not in page


@pytest.mark.parametrize(("name", "arguments", "shown"), PAGES, ids=[row[0] for row in PAGES])
def test_a_member_sees_the_own_business_and_another_one_is_not_there(
    name: str, arguments: list[object], shown: list[str], seeded: Tenant, people: dict[str, User]
) -> None:
    viewer = signed_in_as(people["viewer"])
    assert viewer.get(reverse(f"sight:{name}", args=["luna", *arguments])).status_code == 200
    foreign = viewer.get(reverse(f"sight:{name}", args=["sol", *arguments]))
    nobodys = viewer.get(reverse(f"sight:{name}", args=["nobody", *arguments]))
    assert (foreign.status_code, nobodys.status_code) == (404, 404)
    assert foreign.content.replace(b"sol", b"nobody") == nobodys.content
    stranger = signed_in_as(people["stranger"])
    assert stranger.get(reverse(f"sight:{name}", args=["luna", *arguments])).status_code == 404
    anonymous = Client().get(reverse(f"sight:{name}", args=["luna", *arguments]))
    assert anonymous["Location"].startswith("/sign-in/")


def test_who_may_only_look_gets_no_buttons(seeded: Tenant, people: dict[str, User]) -> None:
    viewer = signed_in_as(people["viewer"])
    for name, arguments, _ in PAGES:
        page = viewer.get(reverse(f"sight:{name}", args=["luna", *arguments])).content.decode()
        assert "/do/" not in page, name


def ids() -> dict[str, str]:
    tenant = Tenant.objects.get(slug="luna")
    questions = UnansweredQuestion.objects.for_tenant(tenant).values_list("pk", flat=True)
    return {
        "task_id": ScheduledTask.objects.for_tenant(tenant).filter(state="scheduled").get().task_id,
        "id": DeadLetter.objects.for_tenant(tenant).get().dead_letter_id,
        "ids": ",".join(map(str, questions)),
    }


# verb, what the form sends, the kind of request it makes for the runtime, the least role
ASKING = [
    ("pause", {"channel": "whatsapp:1", "contact": CONTACT}, "pause_contact", "editor"),
    ("hand_back", {"channel": "whatsapp:1", "contact": CONTACT}, "resume_contact", "editor"),
    ("reply", {"channel": "whatsapp:1", "contact": CONTACT, "text": "Ahora le llamo."}, "staff_reply", "editor"),
    ("run_task", {"task_id": "k1"}, "run_task", "editor"),
    ("cancel_task", {"task_id": "k1"}, "cancel_task", "editor"),
    ("resend", {"id": "outbound:1"}, "resend_dead_letter", "editor"),
    ("drop", {"id": "outbound:1"}, "drop_dead_letter", "editor"),
    ("breaker", {"connector": "calendar", "mode": "forced_open"}, "breaker", "publisher"),
]


@pytest.mark.parametrize(("verb", "form", "kind", "role"), ASKING, ids=[row[0] for row in ASKING])
def test_a_button_asks_the_runtime(
    verb: str, form: dict[str, str], kind: str, role: str, seeded: Tenant, people: dict[str, User]
) -> None:
    url = reverse("sight:do", args=["luna", verb])
    below = people["viewer" if role == "editor" else "editor"]
    signed_in_as(below).post(url, form)
    signed_in_as(people["stranger"]).post(url, form)
    assert signed_in_as(people[role]).get(url).status_code == 405
    assert not RuntimeCommand.objects.for_tenant(seeded).exists()
    answer = signed_in_as(people[role]).post(url, {**form, "next": "work"})
    command = RuntimeCommand.objects.for_tenant(seeded).get()
    assert answer["Location"] == "/admin/sight/luna/waiting/"
    assert (command.kind, command.issued_by) == (kind, people[role])
    assert form.items() <= command.payload.items()


def test_a_button_of_a_foreign_business_does_nothing(seeded: Tenant, people: dict[str, User], sol: Tenant) -> None:
    owner = signed_in_as(people["owner"])
    for verb, form, _, _ in ASKING:
        assert owner.post(reverse("sight:do", args=["sol", verb]), form).status_code == 404
    assert not RuntimeCommand.objects.for_tenant(sol).exists()
    theirs = UnansweredQuestion.objects.for_tenant(sol).values_list("pk", flat=True)
    owner.post(reverse("sight:do", args=["luna", "questions_dismissed"]), {"ids": ",".join(map(str, theirs))})
    assert UnansweredQuestion.objects.for_tenant(sol).filter(state="open").count() == 4


def test_an_empty_reply_and_one_that_is_too_long_are_not_sent(seeded: Tenant, people: dict[str, User]) -> None:
    editor = signed_in_as(people["editor"])
    for text in ("", "x" * 4_097):
        editor.post(reverse("sight:do", args=["luna", "reply"]), {"contact": CONTACT, "text": text})
    assert not RuntimeCommand.objects.for_tenant(seeded).exists()


def test_questions_leave_the_list_with_a_word_in_the_trail(seeded: Tenant, people: dict[str, User]) -> None:
    signed_in_as(people["editor"]).post(reverse("sight:do", args=["luna", "questions_answered"]), {"ids": ids()["ids"]})
    assert UnansweredQuestion.objects.for_tenant(seeded).filter(state="answered").count() == 4
    assert AuditEntry.objects.latest("pk").details == {"count": 4, "state": "answered"}


def test_the_way_back_is_one_button(seeded: Tenant, people: dict[str, User]) -> None:
    url = reverse("sight:do", args=["luna", "rollback"])
    signed_in_as(people["editor"]).post(url, {"serial": "1"})
    live = live_release(seeded)
    assert live is not None
    assert live.serial == 2
    signed_in_as(people["publisher"]).post(url, {"serial": "1", "next": "releases"})
    live = live_release(seeded)
    assert live is not None
    assert (live.serial, live.rolled_back_to is not None) == (3, True)


@pytest.mark.parametrize("form", [{}, {"serial": "x"}, {"serial": "99"}, {"serial": "-1"}])
def test_a_way_back_to_nowhere_changes_nothing(form: dict[str, str], seeded: Tenant, as_operator: Client) -> None:
    answer = as_operator.post(reverse("sight:do", args=["luna", "rollback"]), form)
    live = live_release(seeded)
    assert live is not None
    assert (answer.status_code, live.serial) == (302, 2)


def test_a_verb_that_is_none_is_not_there_and_the_way_on_stays_here(seeded: Tenant, as_operator: Client) -> None:
    assert as_operator.post(reverse("sight:do", args=["luna", "drop_tables"])).status_code == 404
    for target in ("https://evil.example", "//evil.example", "../../logout", "admin:logout"):
        answer = as_operator.post(reverse("sight:do", args=["luna", "promote"]), {"next": target})
        assert answer["Location"] == "/admin/sight/luna/"


def test_what_customers_write_is_shown_and_never_run(luna: Tenant, as_operator: Client) -> None:
    seed(luna, mark="<script>alert(1)</script><img src=x onerror=alert(2)>")
    for name, arguments, _ in PAGES[:1] + PAGES[3:8]:
        page = as_operator.get(reverse(f"sight:{name}", args=["luna", *arguments])).content.decode()
        assert "<script>alert" not in page, name
        assert "<img src=x" not in page, name


def test_the_overview_leads_to_every_business(seeded: Tenant, as_operator: Client) -> None:
    page = as_operator.get("/admin/").content.decode()
    assert 'href="/admin/sight/luna/"' in page
    assert "a connector is cut off" in page
    assert "82 %" in page
