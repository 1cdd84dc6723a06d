from __future__ import annotations

import pytest

from platform_admin.business import actions
from platform_admin.business.models import BusinessDraft, BusinessVersion
from platform_admin.business.queries import draft_of
from platform_admin.errors import EditConflictError, HasFaultsError, ImmutableError, NotAllowedError
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db


def test_a_draft_with_faults_is_kept_and_makes_no_version(luna: Tenant) -> None:
    draft = actions.save_draft(tenant=luna, document={"hours": {"mon": ["x"]}}, by=COMMAND)
    assert [fault["code"] for fault in draft.faults] == ["S103"]
    with pytest.raises(HasFaultsError):
        actions.keep_version(tenant=luna, by=COMMAND)
    assert draft_of(luna) == draft
    assert not BusinessVersion.objects.for_tenant(luna).exists()


def test_versions_count_up_and_the_same_document_makes_none(luna: Tenant, sol: Tenant) -> None:
    actions.save_draft(tenant=luna, document={"name": "Luna"}, by=COMMAND)
    first = actions.keep_version(tenant=luna, by=COMMAND)
    assert actions.keep_version(tenant=luna, by=COMMAND) == first
    actions.save_draft(tenant=luna, document={"name": "Luna Nueva"}, by=COMMAND)
    second = actions.keep_version(tenant=luna, by=COMMAND)
    assert (first.number, second.number, actions.keep_version(tenant=sol, by=COMMAND).number) == (1, 2, 1)
    with pytest.raises(ImmutableError):
        first.save()


def test_going_back_to_a_version_changes_the_draft_alone(luna: Tenant) -> None:
    actions.save_draft(tenant=luna, document={"name": "old"}, by=COMMAND)
    old = actions.keep_version(tenant=luna, by=COMMAND)
    actions.save_draft(tenant=luna, document={"name": "new"}, by=COMMAND)
    assert actions.revert(version=old, by=COMMAND).document == {"name": "old"}
    assert BusinessVersion.objects.for_tenant(luna).count() == 1


def test_the_second_of_two_editors_is_told_who_was_faster_and_has_both_texts(
    luna: Tenant, people: dict[str, User]
) -> None:
    start = actions.save_draft(tenant=luna, document={"name": "start"}, by=COMMAND).revision
    actions.save_draft(tenant=luna, document={"name": "hers"}, by=people["editor"], over_revision=start)
    with pytest.raises(EditConflictError) as caught:
        actions.save_draft(tenant=luna, document={"name": "his"}, by=people["owner"], over_revision=start)
    error = caught.value
    assert (error.who, error.theirs, error.revision) == ("editor@example.com", {"name": "hers"}, start + 1)
    assert BusinessDraft.objects.for_tenant(luna).get().document == {"name": "hers"}


@pytest.mark.parametrize("role", ["viewer", "stranger"])
def test_below_editor_nobody_changes_it(role: str, luna: Tenant, people: dict[str, User]) -> None:
    with pytest.raises(NotAllowedError):
        actions.save_draft(tenant=luna, document={}, by=people[role])
    assert draft_of(luna) is None
