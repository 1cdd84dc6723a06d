from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from platform_admin.errors import NotAllowedError
from platform_admin.knowledge import actions
from platform_admin.knowledge.models import MAX_MARKDOWN_CHARACTERS, KnowledgeDocument, KnowledgeVersion
from platform_admin.knowledge.queries import version_by_label
from platform_admin.tenants.models import Tenant, User
from tests.platform_admin.business import COMMAND

pytestmark = pytest.mark.django_db


def test_each_changed_text_becomes_the_next_version(luna: Tenant) -> None:
    labels = []
    for text in ("one", "one", "two", "one"):
        document = actions.save_draft(tenant=luna, markdown=text, by=COMMAND)
        labels.append(actions.keep_version(document=document, by=COMMAND).label)
    assert labels == ["v1", "v1", "v2", "v3"]
    assert KnowledgeVersion.objects.for_tenant(luna).count() == 3


@pytest.mark.parametrize(
    ("label", "markdown"),
    [("v1", "one"), ("v2", None), ("1", "one"), ("vx", None), ("", None), ("v²", None)],
)
def test_a_version_is_found_by_its_label(label: str, markdown: str | None, luna: Tenant) -> None:
    actions.keep_version(document=actions.save_draft(tenant=luna, markdown="one", by=COMMAND), by=COMMAND)
    found = version_by_label(luna, label)
    assert (found.markdown if found else None) == markdown


def test_a_document_that_is_far_too_long_is_refused(luna: Tenant) -> None:
    with pytest.raises(ValidationError):
        actions.save_draft(tenant=luna, markdown="x" * (MAX_MARKDOWN_CHARACTERS + 1), by=COMMAND)
    assert not KnowledgeDocument.objects.for_tenant(luna).exists()


@pytest.mark.parametrize("role", ["stranger", "viewer"])
def test_below_editor_nobody_writes(role: str, luna: Tenant, people: dict[str, User]) -> None:
    with pytest.raises(NotAllowedError):
        actions.save_draft(tenant=luna, markdown="theirs", by=people[role])
    assert not KnowledgeDocument.objects.for_tenant(luna).exists()
