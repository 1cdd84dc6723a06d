"""Questions nobody could answer, each once."""

from __future__ import annotations

from collections.abc import Sequence

from platform_admin.observability.models import UnansweredQuestion
from platform_admin.observability.report_document import UnansweredSeen
from platform_admin.tenants.models import Tenant


def note_unanswered(*, tenant: Tenant, questions: Sequence[UnansweredSeen]) -> None:
    UnansweredQuestion.objects.bulk_create(
        (
            UnansweredQuestion(
                tenant=tenant,
                question_id=seen.id,
                question=seen.question,
                language=seen.language,
                reason=seen.reason,
                at=seen.at,
            )
            for seen in questions
        ),
        ignore_conflicts=True,
    )
