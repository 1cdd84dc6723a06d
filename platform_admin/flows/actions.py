"""What can be done to flows: save a draft as it is, keep a version that is sound."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from flow_engine.diagnostics import Diagnostic
from flow_engine.language import read_flow
from flow_engine.validation.surroundings import Surroundings
from platform_admin.documents.conflict import refuse_if_changed
from platform_admin.documents.faults import fault_as_json
from platform_admin.errors import HasFaultsError, LimitReachedError
from platform_admin.flows.models import MAX_CASES, Flow, FlowCase, FlowDraft, FlowVersion
from platform_admin.flows.queries import cases_of
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor, require_role
from platform_admin.tenants.audit_digest import text_mark
from platform_admin.tenants.models import Role, Tenant


@transaction.atomic
def create_flow(*, tenant: Tenant, name: str, by: Actor) -> Flow:
    """An empty flow with an empty draft. Raises ``ValidationError``; an existing name is one."""
    require_role(by, tenant=tenant, role=Role.EDITOR)
    flow = Flow(tenant=tenant, name=name)
    flow.full_clean()
    flow.save()
    FlowDraft.objects.create(tenant=tenant, flow=flow)
    audit.record(by=by, verb="created flow", subject=name, tenant=tenant)
    return flow


@transaction.atomic
def save_draft(
    *,
    flow: Flow,
    text: str,
    by: Actor,
    over_revision: int | None = None,
    against: Surroundings | None = None,
    faults: Sequence[Diagnostic] | None = None,
) -> FlowDraft:
    """Store the text and what is wrong with it, however broken.

    ``faults`` are those of ``text``, from whoever has checked it already.

    ``over_revision`` is the revision the writer started from; if somebody else saved meanwhile ``EditConflictError``
    says who and when and has their text, and nothing is stored.
    """
    require_role(by, tenant=flow.tenant, role=Role.EDITOR)
    rows = FlowDraft.objects.for_tenant(flow.tenant).select_for_update(of=("self",)).select_related("updated_by")
    draft = rows.filter(flow=flow).first() or FlowDraft(tenant=flow.tenant, flow=flow)
    refuse_if_changed(draft, over_revision=over_revision, theirs=draft.text)
    before, draft.text = text_mark(draft.text, draft.revision), text
    found = check(flow=flow, text=text, against=against) if faults is None else faults
    draft.faults = [fault_as_json(fault) for fault in found]
    draft.revision += 1
    draft.updated_by = None if isinstance(by, CommandActor) else by
    draft.save()
    after = text_mark(text, draft.revision)
    audit.record(by=by, verb="saved flow draft", subject=flow.name, tenant=flow.tenant, before=before, after=after)
    return draft


def check(*, flow: Flow, text: str, against: Surroundings | None = None) -> tuple[Diagnostic, ...]:
    """Every fault of ``text``, errors and warnings, without storing anything.

    ``against`` is what the tenant's flow can call; without it, what ships.
    """
    return read_flow(text, file=flow.file_name, surroundings=against).diagnostics


@transaction.atomic
def keep_version(
    *, flow: Flow, text: str, by: Actor, file: str | None = None, against: Surroundings | None = None
) -> FlowVersion:
    """``text`` as an immutable version; the last version itself when the text is the same.

    Raises ``HasFaultsError`` with every diagnostic when one of them is an error. ``file`` is the name used in faults.
    """
    require_role(by, tenant=flow.tenant, role=Role.EDITOR)
    reading = read_flow(text, file=file or flow.file_name, surroundings=against)
    if not reading.ok or reading.program is None:
        raise HasFaultsError(reading.diagnostics)
    # The tenant's row is the lock for everything numbered under it.
    Tenant.objects.select_for_update(no_key=True).get(pk=flow.tenant_id)
    last = FlowVersion.objects.for_tenant(flow.tenant).filter(flow=flow).order_by("-number").first()
    cases = cases_of(flow)
    if last is not None and (last.source, last.program, last.cases) == (text, reading.program, cases):
        return last
    version = FlowVersion.objects.create(
        tenant=flow.tenant,
        flow=flow,
        number=last.number + 1 if last else 1,
        source=text,
        program=reading.program,
        cases=cases,
        created_by=None if isinstance(by, CommandActor) else by,
    )
    audit.record(by=by, verb="kept flow version", subject=version, tenant=flow.tenant)
    return version


def revert(
    *, version: FlowVersion, by: Actor, over_revision: int | None = None, against: Surroundings | None = None
) -> FlowDraft:
    """The draft becomes what the version says. Its tests stay as they are now.

    ``over_revision`` is the revision of the draft that was looked at; ``EditConflictError`` when somebody saved since.
    """
    return save_draft(flow=version.flow, text=version.source, by=by, over_revision=over_revision, against=against)


@transaction.atomic
def save_case(*, flow: Flow, name: str, text: str, by: Actor) -> FlowCase:
    """Keep a conversation test, faults and all; the one of the same name is replaced.

    Raises ``ValidationError`` for a name or a length that cannot be, ``LimitReachedError`` for too many.
    """
    require_role(by, tenant=flow.tenant, role=Role.EDITOR)
    rows = FlowCase.objects.for_tenant(flow.tenant).filter(flow=flow)
    case = rows.filter(name=name).first()
    if case is None:
        if rows.count() >= MAX_CASES:
            raise LimitReachedError(_("A flow may have %(count)s conversation tests.") % {"count": MAX_CASES})
        case = FlowCase(tenant=flow.tenant, flow=flow, name=name)
    before = case.text if case.pk else None
    case.text = text
    case.updated_by = None if isinstance(by, CommandActor) else by
    case.full_clean()
    case.save()
    audit.record(
        by=by, verb="saved conversation test", subject=f"{flow.name}: {name}", tenant=flow.tenant, before=before,
        after=text,
    )  # fmt: skip
    return case


@transaction.atomic
def remove_case(*, case: FlowCase, by: Actor) -> None:
    """Forget a conversation test; versions made before keep it."""
    require_role(by, tenant=case.tenant, role=Role.EDITOR)
    audit.record(
        by=by, verb="removed conversation test", subject=f"{case.flow.name}: {case.name}", tenant=case.tenant,
        before=case.text,
    )  # fmt: skip
    case.delete()
