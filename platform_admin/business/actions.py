"""What can be done to business settings: save the draft, keep a version, go back to one."""

from __future__ import annotations

from django.db import transaction

from flow_engine.vocabulary import JSONObject
from platform_admin.business.models import BusinessDraft, BusinessVersion
from platform_admin.business.queries import draft_of, last_version
from platform_admin.business.reading import check_business
from platform_admin.documents.conflict import refuse_if_changed
from platform_admin.documents.faults import fault_as_json
from platform_admin.errors import HasFaultsError
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor, require_role
from platform_admin.tenants.models import Role, Tenant


@transaction.atomic
def save_draft(*, tenant: Tenant, document: JSONObject, by: Actor, over_revision: int | None = None) -> BusinessDraft:
    """Store the document and what is wrong with it.

    ``over_revision`` is the revision the writer started from; ``EditConflictError`` when somebody else saved meanwhile.
    """
    require_role(by, tenant=tenant, role=Role.EDITOR)
    rows = BusinessDraft.objects.for_tenant(tenant).select_for_update(of=("self",)).select_related("updated_by")
    draft = rows.first() or BusinessDraft(tenant=tenant)
    refuse_if_changed(draft, over_revision=over_revision, theirs=draft.document)
    before, draft.document = draft.document, document
    draft.faults = [fault_as_json(fault) for fault in check_business(document).faults]
    draft.revision += 1
    draft.updated_by = None if isinstance(by, CommandActor) else by
    draft.save()
    audit.record(by=by, verb="saved business settings", subject=draft, tenant=tenant, before=before, after=document)
    return draft


@transaction.atomic
def keep_version(*, tenant: Tenant, by: Actor) -> BusinessVersion:
    """The draft as an immutable version; the last version itself when nothing changed since.

    A tenant that never wrote any has the empty document. Raises ``HasFaultsError``.
    """
    require_role(by, tenant=tenant, role=Role.EDITOR)
    draft = draft_of(tenant)
    reading = check_business({} if draft is None else draft.document)
    if reading.document is None:
        raise HasFaultsError(reading.faults)
    document = reading.document.to_json()
    # The tenant's row is the lock for everything numbered under it.
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    last = last_version(tenant)
    if last is not None and last.document == document:
        return last
    version = BusinessVersion.objects.create(
        tenant=tenant,
        number=last.number + 1 if last else 1,
        document=document,
        created_by=None if isinstance(by, CommandActor) else by,
    )
    audit.record(by=by, verb="kept business version", subject=version, tenant=tenant)
    return version


def revert(*, version: BusinessVersion, by: Actor, over_revision: int | None = None) -> BusinessDraft:
    """The draft becomes what the version says.

    ``over_revision`` is the revision of the draft that was looked at; ``EditConflictError`` when somebody saved since.
    """
    return save_draft(tenant=version.tenant, document=version.document, by=by, over_revision=over_revision)
