"""What can be done to flows: save a draft as it is, keep a version that is sound."""

from __future__ import annotations

from django.db import transaction

from flow_engine.diagnostics import Diagnostic
from flow_engine.language import read_flow
from flow_engine.vocabulary import JSONObject
from platform_admin.errors import ConflictError, HasFaultsError
from platform_admin.flows.models import Flow, FlowDraft, FlowVersion
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor, require_role
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
def save_draft(*, flow: Flow, text: str, by: Actor, over_revision: int | None = None) -> FlowDraft:
    """Store the text and what is wrong with it, however broken.

    ``over_revision`` is the revision the writer started from; if somebody else saved meanwhile ``ConflictError`` says
    who and when, and nothing is stored.
    """
    require_role(by, tenant=flow.tenant, role=Role.EDITOR)
    draft = FlowDraft.objects.for_tenant(flow.tenant).select_for_update().filter(flow=flow).first()
    draft = draft or FlowDraft(tenant=flow.tenant, flow=flow)
    if over_revision is not None and over_revision != draft.revision:
        who = draft.updated_by or "somebody with access to the server"
        raise ConflictError(f"{who} saved this text at {draft.updated_at:%H:%M} while you were writing.")
    draft.text = text
    draft.faults = [fault_as_json(fault) for fault in check(flow=flow, text=text)]
    draft.revision += 1
    draft.updated_by = None if isinstance(by, CommandActor) else by
    draft.save()
    audit.record(by=by, verb="saved flow draft", subject=flow.name, tenant=flow.tenant)
    return draft


def check(*, flow: Flow, text: str) -> tuple[Diagnostic, ...]:
    """Every fault of ``text``, errors and warnings, without storing anything."""
    return read_flow(text, file=flow.file_name).diagnostics


@transaction.atomic
def keep_version(*, flow: Flow, text: str, by: Actor, file: str | None = None) -> FlowVersion:
    """``text`` as an immutable version; the last version itself when the text is the same.

    Raises ``HasFaultsError`` with every diagnostic when one of them is an error. ``file`` is the name used in faults.
    """
    require_role(by, tenant=flow.tenant, role=Role.EDITOR)
    reading = read_flow(text, file=file or flow.file_name)
    if not reading.ok or reading.program is None:
        raise HasFaultsError(reading.diagnostics)
    # The tenant's row is the lock for everything numbered under it.
    Tenant.objects.select_for_update().get(pk=flow.tenant_id)
    last = FlowVersion.objects.for_tenant(flow.tenant).filter(flow=flow).order_by("-number").first()
    if last is not None and last.source == text and last.program == reading.program:
        return last
    version = FlowVersion.objects.create(
        tenant=flow.tenant,
        flow=flow,
        number=last.number + 1 if last else 1,
        source=text,
        program=reading.program,
        created_by=None if isinstance(by, CommandActor) else by,
    )
    audit.record(by=by, verb="kept flow version", subject=version, tenant=flow.tenant)
    return version


def fault_as_json(fault: Diagnostic) -> JSONObject:
    """A diagnostic as the draft stores it and the editor lists it."""
    return {
        "code": fault.code,
        "severity": str(fault.severity),
        "message": fault.message,
        "hint": fault.hint,
        "line": fault.line,
        "column": fault.column,
    }
