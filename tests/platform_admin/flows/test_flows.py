from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from flow_engine.diagnostics import Severity
from platform_admin.errors import ConflictError, HasFaultsError, NotAllowedError
from platform_admin.flows import actions
from platform_admin.flows.models import Flow, FlowDraft, FlowVersion
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.business import BROKEN_FLOW, COMMAND, FLOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow(luna: Tenant) -> Flow:
    return actions.create_flow(tenant=luna, name="main", by=COMMAND)


def versions(flow: Flow) -> list[int]:
    return list(FlowVersion.objects.for_tenant(flow.tenant).order_by("number").values_list("number", flat=True))


def test_a_broken_draft_is_saved_with_its_faults(flow: Flow) -> None:
    draft = actions.save_draft(flow=flow, text=BROKEN_FLOW, by=COMMAND)
    stored = FlowDraft.objects.for_tenant(flow.tenant).get()
    assert stored.text == BROKEN_FLOW
    assert stored.faults == draft.faults
    assert [fault["line"] for fault in stored.faults if fault["severity"] == "error"] == [10, 13]


@pytest.mark.parametrize("text", ["", "\t", "{", "id: [", "a: &x [*x]", "- " * 5000], ids=repr)
def test_any_text_can_be_saved_as_a_draft(text: str, flow: Flow) -> None:
    assert actions.save_draft(flow=flow, text=text, by=COMMAND).faults != []
    assert FlowDraft.objects.for_tenant(flow.tenant).get().text == text


def test_the_second_of_two_editors_is_told_who_was_first(flow: Flow, people: dict[str, User]) -> None:
    opened = actions.save_draft(flow=flow, text="a: 1", by=COMMAND).revision
    actions.save_draft(flow=flow, text="first", by=people["editor"], over_revision=opened)
    with pytest.raises(ConflictError) as caught:
        actions.save_draft(flow=flow, text="second", by=people["owner"], over_revision=opened)
    assert "editor@example.com" in caught.value.message
    assert FlowDraft.objects.for_tenant(flow.tenant).get().text == "first"


def test_a_sound_text_becomes_a_numbered_version(flow: Flow) -> None:
    first = actions.keep_version(flow=flow, text=FLOW, by=COMMAND)
    assert (first.number, first.source, first.program["initial_state"]) == (1, FLOW, "MENU")
    second = actions.keep_version(flow=flow, text=FLOW + "# more\n", by=COMMAND)
    assert second.number == 2


def test_the_same_text_makes_no_second_version(flow: Flow) -> None:
    first = actions.keep_version(flow=flow, text=FLOW, by=COMMAND)
    assert actions.keep_version(flow=flow, text=FLOW, by=COMMAND) == first
    assert versions(flow) == [1]


def test_a_text_with_errors_makes_no_version_and_all_are_listed(flow: Flow) -> None:
    with pytest.raises(HasFaultsError) as caught:
        actions.keep_version(flow=flow, text=BROKEN_FLOW, by=COMMAND, file="given.yaml")
    errors = [fault for fault in caught.value.faults if fault.severity is Severity.ERROR]
    assert [(fault.file, fault.line) for fault in errors] == [("given.yaml", 10), ("given.yaml", 13)]
    assert versions(flow) == []


@pytest.mark.parametrize("name", ["", "Main", "a b", "../x", "main\n"])
def test_a_flow_has_a_name_fit_for_a_file(name: str, luna: Tenant) -> None:
    with pytest.raises(ValidationError):
        actions.create_flow(tenant=luna, name=name, by=COMMAND)
    assert not Flow.objects.for_tenant(luna).exists()


@pytest.mark.parametrize("role", ["stranger", "viewer"])
def test_below_editor_nobody_writes(role: str, flow: Flow, people: dict[str, User]) -> None:
    actions.save_draft(flow=flow, text="mine", by=COMMAND)
    with pytest.raises(NotAllowedError):
        actions.save_draft(flow=flow, text="theirs", by=people[role])
    with pytest.raises(NotAllowedError):
        actions.keep_version(flow=flow, text=FLOW, by=people[role])
    with pytest.raises(NotAllowedError):
        actions.create_flow(tenant=flow.tenant, name="other", by=people[role])
    assert FlowDraft.objects.for_tenant(flow.tenant).get().text == "mine"
    assert versions(flow) == []
    assert Flow.objects.for_tenant(flow.tenant).count() == 1
