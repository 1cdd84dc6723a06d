from __future__ import annotations

import pytest
from django.test import Client

from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowDraft
from platform_admin.releases.models import Release
from platform_admin.tenants.models import Membership, Role, Tenant, User
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(luna: Tenant) -> Flow:
    return flows.create_flow(tenant=luna, name="main", by=COMMAND)


def url(flow: Flow) -> str:
    return f"/admin/authoring/flows/{flow.pk}/draft/"


def draft(flow: Flow) -> FlowDraft:
    return FlowDraft.objects.for_tenant(flow.tenant).get(flow=flow)


def post(client: Client, flow: Flow, text: str, do: str, revision: int = 0) -> str:
    form = {"text": text, "do": do, "revision": revision}
    answer = client.post(url(flow), form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def releases(flow: Flow) -> int:
    return Release.objects.for_tenant(flow.tenant).count()


def test_an_empty_draft_says_what_the_page_is_for(as_operator: Client, flow: Flow) -> None:
    page = as_operator.get(url(flow)).content.decode()
    assert "Nothing is live yet" in page
    assert "Write or paste a conversation" in page


def test_check_saves_the_text_and_lists_every_problem_with_its_place(as_operator: Client, flow: Flow) -> None:
    page = post(as_operator, flow, BROKEN_FLOW, "check")
    assert draft(flow).text == BROKEN_FLOW
    assert "line 10, column 13" in page
    assert "line 13, column 17" in page
    assert releases(flow) == 0


def test_browsers_line_ends_are_not_kept(as_operator: Client, flow: Flow) -> None:
    post(as_operator, flow, FLOW.replace("\n", "\r\n"), "check")
    assert draft(flow).text == FLOW


def test_the_text_comes_back_to_the_letter(as_operator: Client, flow: Flow) -> None:
    text = '\n  <script>alert("x")</script> </textarea> & {{ contact.name }}\n'
    page = post(as_operator, flow, text, "check")
    assert draft(flow).text == text
    assert "<script>alert" not in page


def test_publish_makes_the_text_live(as_operator: Client, flow: Flow, operator: User) -> None:
    page = post(as_operator, flow, FLOW, "publish")
    release = Release.objects.for_tenant(flow.tenant).get()
    assert "Published as release 1" in page
    assert (release.flow_version.source, release.created_by) == (FLOW, operator)


def test_publish_with_problems_keeps_the_text_and_publishes_nothing(as_operator: Client, flow: Flow) -> None:
    page = post(as_operator, flow, BROKEN_FLOW, "publish")
    assert "Nothing was published" in page
    assert draft(flow).text == BROKEN_FLOW
    assert releases(flow) == 0


def test_the_second_of_two_people_keeps_their_text_on_the_page(as_operator: Client, flow: Flow) -> None:
    post(as_operator, flow, "first: 1", "check", revision=0)
    page = post(as_operator, flow, "second: 2", "publish", revision=0)
    assert "operator@example.com saved this at" in page
    assert "second: 2" in page
    assert draft(flow).text == "first: 1"
    assert releases(flow) == 0


@pytest.mark.parametrize("text", ["x" * (256 * 1024 + 1), "a: \x00"], ids=["too long", "a zero byte"])
def test_a_text_that_cannot_be_stored_stays_on_the_page(text: str, as_operator: Client, flow: Flow) -> None:
    page = post(as_operator, flow, text, "check")
    assert "not saved" in page
    assert draft(flow).text == ""


def staff(user: User) -> Client:
    user.is_staff = True
    user.save()
    client = Client()
    client.force_login(user)
    return client


def test_another_tenants_draft_is_not_there(flow: Flow, sol: Tenant) -> None:
    stranger = User.objects.create_user("other@example.com", "a long enough password")
    Membership.objects.create(tenant=sol, user=stranger, role=Role.OWNER)
    client = staff(stranger)
    missing = client.get("/admin/authoring/flows/999999/draft/")
    foreign = client.get(url(flow))
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content
    assert client.post(url(flow), {"text": "x", "do": "publish", "revision": 0}).status_code == 404
    assert draft(flow).text == ""


@pytest.mark.parametrize(
    ("role", "saved", "published"),
    [("viewer", False, 0), ("editor", True, 0), ("publisher", True, 1), ("owner", True, 1)],
)
def test_each_role_reaches_as_far_as_it_should(
    role: str, saved: bool, published: int, flow: Flow, people: dict[str, User]
) -> None:
    post(staff(people[role]), flow, FLOW, "publish")
    assert (draft(flow).text == FLOW) is saved
    assert releases(flow) == published


def test_without_signing_in_nothing_is_shown_or_saved(client: Client, flow: Flow) -> None:
    assert client.get(url(flow)).status_code == 302
    assert client.post(url(flow), {"text": FLOW, "do": "publish", "revision": 0}).status_code == 302
    assert draft(flow).text == ""
    assert releases(flow) == 0


def test_a_form_from_another_site_is_refused(flow: Flow, operator: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(operator)
    assert strict.post(url(flow), {"text": FLOW, "do": "publish", "revision": 0}).status_code == 403
    assert releases(flow) == 0


def test_the_page_of_a_flow_leads_to_its_draft_and_saves_nothing(as_operator: Client, flow: Flow) -> None:
    page = as_operator.get(f"/admin/flows/flow/{flow.pk}/change/").content.decode()
    assert f'href="{url(flow)}"' in page
    assert 'name="_save"' not in page
    assert as_operator.post(f"/admin/flows/flow/{flow.pk}/change/", {"name": "other"}).status_code == 403
    assert Flow.objects.for_tenant(flow.tenant).get().name == "main"
