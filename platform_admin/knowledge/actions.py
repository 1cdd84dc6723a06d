"""What can be done to the knowledge document and the questions that must be right in it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSONObject
from platform_admin.documents.conflict import refuse_if_changed
from platform_admin.errors import LimitReachedError
from platform_admin.knowledge.models import (
    MAX_MARKDOWN_CHARACTERS,
    MAX_QUESTIONS,
    EvaluationQuestion,
    KnowledgeDocument,
    KnowledgeVersion,
)
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor, require_role
from platform_admin.tenants.audit_digest import text_mark
from platform_admin.tenants.models import Role, Tenant


@transaction.atomic
def save_draft(*, tenant: Tenant, markdown: str, by: Actor, over_revision: int | None = None) -> KnowledgeDocument:
    """Store the text as it is. Raises ``ValidationError`` only for one that is far too long.

    ``over_revision`` is the revision the writer started from; ``EditConflictError`` when somebody else saved meanwhile.
    """
    require_role(by, tenant=tenant, role=Role.EDITOR)
    if len(markdown) > MAX_MARKDOWN_CHARACTERS:
        raise ValidationError(f"The document has {len(markdown)} characters, {MAX_MARKDOWN_CHARACTERS} fit.")
    rows = KnowledgeDocument.objects.for_tenant(tenant).select_for_update(of=("self",)).select_related("updated_by")
    document = rows.first() or KnowledgeDocument(tenant=tenant)
    refuse_if_changed(document, over_revision=over_revision, theirs=document.draft)
    before, document.draft = text_mark(document.draft, document.revision), markdown
    document.revision += 1
    document.updated_by = None if isinstance(by, CommandActor) else by
    document.save()
    after = text_mark(markdown, document.revision)
    audit.record(by=by, verb="saved knowledge draft", subject=tenant.slug, tenant=tenant, before=before, after=after)
    return document


def revert(*, version: KnowledgeVersion, by: Actor, over_revision: int | None = None) -> KnowledgeDocument:
    """The draft becomes what the version says.

    ``over_revision`` is the revision of the draft that was looked at; ``EditConflictError`` when somebody saved since.
    """
    return save_draft(tenant=version.tenant, markdown=version.markdown, by=by, over_revision=over_revision)


@transaction.atomic
def keep_version(*, document: KnowledgeDocument, by: Actor) -> KnowledgeVersion:
    """The draft as an immutable version; the last version itself when nothing changed since."""
    require_role(by, tenant=document.tenant, role=Role.EDITOR)
    # The tenant's row is the lock for everything numbered under it.
    Tenant.objects.select_for_update(no_key=True).get(pk=document.tenant_id)
    last = KnowledgeVersion.objects.for_tenant(document.tenant).order_by("-number").first()
    if last is not None and last.markdown == document.draft:
        return last
    version = KnowledgeVersion.objects.create(
        tenant=document.tenant,
        document=document,
        number=last.number + 1 if last else 1,
        markdown=document.draft,
        created_by=None if isinstance(by, CommandActor) else by,
    )
    audit.record(by=by, verb="kept knowledge version", subject=version.label, tenant=document.tenant)
    return version


@transaction.atomic
def expect(*, tenant: Tenant, question: str, heading: str, by: Actor) -> EvaluationQuestion:
    """From now on ``question`` must be answered from below ``heading``, or not at all when that is empty.

    The same question again changes what is expected. Raises ``ValidationError`` for one that is empty or too long,
    ``LimitReachedError`` for too many.
    """
    require_role(by, tenant=tenant, role=Role.EDITOR)
    rows = EvaluationQuestion.objects.for_tenant(tenant)
    words = " ".join(question.split())
    row = rows.filter(question=words).first()
    if row is None:
        if rows.count() >= MAX_QUESTIONS:
            raise LimitReachedError(
                _("An FAQ may have %(count)s questions that must be right.") % {"count": MAX_QUESTIONS}
            )
        author = None if isinstance(by, CommandActor) else by
        row = EvaluationQuestion(tenant=tenant, question=words, created_by=author)
    before = _expected(row) if row.pk else None
    row.heading = heading
    row.full_clean(exclude=["tenant"], validate_constraints=False)
    row.save()
    audit.record(
        by=by, verb="saved evaluation question", subject=tenant.slug, tenant=tenant, before=before, after=_expected(row)
    )
    return row


@transaction.atomic
def expect_no_more(*, question: EvaluationQuestion, by: Actor) -> None:
    """The question is free again; releases made before keep what the gate said then."""
    require_role(by, tenant=question.tenant, role=Role.EDITOR)
    audit.record(
        by=by, verb="removed evaluation question", subject=question.tenant.slug, tenant=question.tenant,
        before=_expected(question),
    )  # fmt: skip
    question.delete()


def _expected(row: EvaluationQuestion) -> JSONObject:
    return {"question": row.question, "heading": row.heading}
