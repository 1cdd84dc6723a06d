"""What is asked about knowledge."""

from __future__ import annotations

from platform_admin.knowledge.evaluating import Expectation
from platform_admin.knowledge.models import EvaluationQuestion, KnowledgeDocument, KnowledgeVersion
from platform_admin.tenants.models import Tenant


def document_of(tenant: Tenant) -> KnowledgeDocument | None:
    return KnowledgeDocument.objects.for_tenant(tenant).first()


def version_by_label(tenant: Tenant, label: str) -> KnowledgeVersion | None:
    """The version called ``v3``; ``None`` if there is none."""
    number = label.removeprefix("v")
    if not number.isdecimal():
        return None
    return KnowledgeVersion.objects.for_tenant(tenant).filter(number=int(number)).first()


def expectations_of(tenant: Tenant) -> tuple[Expectation, ...]:
    """The questions that must be right, oldest first."""
    rows = EvaluationQuestion.objects.for_tenant(tenant).values_list("question", "heading")
    return tuple(Expectation(question, heading) for question, heading in rows)
