"""The first day: from a template to a release, with progress taken from what is really there."""

from __future__ import annotations

import pytest
from django.test import Client

from platform_admin.authoring.first_day.industries import INDUSTRIES
from platform_admin.authoring.first_day.industry import Industry
from platform_admin.authoring.first_day.progress import first_steps
from platform_admin.business import actions as business
from platform_admin.business.queries import draft_of
from platform_admin.flows import actions as flows
from platform_admin.flows.models import FlowDraft
from platform_admin.flows.queries import cases_of, main_flow
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.queries import document_of
from platform_admin.releases.actions import check_release, publish
from platform_admin.releases.gate import State
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.authoring.test_home_page import member
from tests.platform_admin.business import COMMAND, FLOW
from tests.platform_admin.releases.test_gate import GREETS

pytestmark = pytest.mark.django_db

PAGE = "/admin/authoring/luna/start/"
FACTS = {"phone": "600 111 222", "address": "Calle Sol, 1"}


def done(tenant: Tenant) -> list[str]:
    return [step.name for step in first_steps(tenant) if step.done]


@pytest.mark.parametrize("industry", INDUSTRIES, ids=lambda industry: industry.name)
def test_a_template_becomes_a_bot_whose_tests_hold_and_that_can_be_published(
    industry: Industry, luna: Tenant, people: dict[str, User]
) -> None:
    editor = member(people["editor"])
    page = editor.post(f"{PAGE}begin", {"industry": industry.name}, follow=True)
    assert "It is all there, as a draft." in page.content.decode()
    assert done(luna) == ["template"]
    draft, document = draft_of(luna), document_of(luna)
    assert draft is not None
    assert document is not None
    assert (draft.faults, draft.document["name"]) == ([], "Peluquería Luna")
    assert "600 000 00" not in document.draft  # nobody is given the telephone of an example
    report = check_release(tenant=luna, by=COMMAND)
    assert {fault.code for fault in report.faults if fault.code[0] == "S"} == {"S215"}  # telephone and address
    business.save_draft(tenant=luna, document={**draft.document, **FACTS}, by=COMMAND)
    assert done(luna) == ["template", "hours"]
    report = check_release(tenant=luna, by=COMMAND)
    states = {result.check.code: result.outcome.state for result in report.results}
    assert [str(fault) for fault in report.faults if fault.code[0] != "K"] == []
    assert (states["tests"], report.passed) == (State.PASSED, True)
    release = publish(tenant=luna, by=COMMAND)
    assert (release.serial, len(release.flow_version.cases) >= 15) == (1, True)


def test_each_step_is_done_by_what_is_there_and_undone_with_it(luna: Tenant, people: dict[str, User]) -> None:
    assert done(luna) == []
    owner = member(people["owner"])
    page = owner.get(PAGE)
    assert (page.context["done"], page.context["next"]) == (0, "template")
    owner.post(f"{PAGE}begin", {"industry": "hairdresser"})
    flow, draft = main_flow(luna), draft_of(luna)
    assert flow is not None
    assert draft is not None
    business.save_draft(tenant=luna, document={**draft.document, **FACTS}, by=COMMAND)
    case = flows.save_case(flow=flow, name="mine.yaml", text=GREETS, by=COMMAND)
    assert done(luna) == ["template", "hours", "try"]
    flows.remove_case(case=case, by=COMMAND)
    publish(tenant=luna, by=COMMAND)
    assert done(luna) == ["template", "hours", "publish"]
    assert owner.get(PAGE).context["next"] == "try"


def test_what_is_written_already_is_never_written_over(luna: Tenant, people: dict[str, User]) -> None:
    knowledge.save_draft(tenant=luna, markdown="# Mine\n", by=COMMAND)
    business.save_draft(tenant=luna, document={"name": "Mine"}, by=COMMAND)
    editor = member(people["editor"])
    editor.post(f"{PAGE}begin", {"industry": "restaurant"})
    draft, document = draft_of(luna), document_of(luna)
    assert draft is not None
    assert document is not None
    assert (draft.document, document.draft) == ({"name": "Mine"}, "# Mine\n")
    flow = main_flow(luna)
    assert flow is not None
    flows.save_draft(flow=flow, text=FLOW, by=COMMAND)
    before = cases_of(flow)
    page = editor.post(f"{PAGE}begin", {"industry": "clinic"}, follow=True)
    assert "There is a conversation already." in page.content.decode()
    assert FlowDraft.objects.for_tenant(luna).get(flow=flow).text == FLOW
    assert cases_of(flow) == before


@pytest.mark.parametrize("form", [{}, {"industry": "bank"}, {"industry": "../clinic"}], ids=str)
def test_a_template_that_is_none_changes_nothing(form: dict[str, str], luna: Tenant, people: dict[str, User]) -> None:
    page = member(people["editor"]).post(f"{PAGE}begin", form, follow=True)
    assert "Choose one of the templates." in page.content.decode()
    assert main_flow(luna) is None


def test_viewers_look_strangers_do_not_and_nobody_begins_by_a_link(
    luna: Tenant, people: dict[str, User], client: Client
) -> None:
    viewer = member(people["viewer"])
    assert "Somebody who may edit chooses it." in viewer.get(PAGE).content.decode()
    viewer.post(f"{PAGE}begin", {"industry": "clinic"})
    assert viewer.get(f"{PAGE}begin").status_code == 405
    assert member(people["stranger"]).post(f"{PAGE}begin", {"industry": "clinic"}).status_code == 404
    assert client.post(f"{PAGE}begin", {"industry": "clinic"}).status_code == 302
    assert main_flow(luna) is None
