"""An archive replaces drafts: looked at first, then all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language import read_flow
from platform_admin.business import actions as business
from platform_admin.business.reading import read_business_file
from platform_admin.changes import Change
from platform_admin.errors import HasFaultsError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowCase
from platform_admin.flows.queries import main_flow
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.evaluating import Expectation
from platform_admin.knowledge.models import EvaluationQuestion
from platform_admin.releases.archive.document import BUSINESS, SETTINGS, Archive
from platform_admin.releases.comparing import changes_since_live
from platform_admin.releases.settings_reading import read_settings_file
from platform_admin.releases.sources import Sources, SourceText, store_settings
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.models import Role, Tenant


@dataclass(frozen=True, slots=True)
class Preview:
    """What importing would do. ``faults`` of settings and business settings keep it from being applied.

    Faults of a flow do not: a draft may have some. ``changes`` are those against what is live.
    """

    changes: tuple[Change, ...]
    faults: tuple[Diagnostic, ...]
    flow_faults: tuple[Diagnostic, ...]
    flows: tuple[str, ...]


def preview(*, tenant: Tenant, archive: Archive, by: Actor) -> Preview:
    """Stores nothing."""
    require_role(by, tenant=tenant, role=Role.EDITOR)
    main = main_flow(tenant)
    name = main.name if main is not None else next(iter(archive.flows), None)
    text = None if name is None or name not in archive.flows else archive.flows[name].text
    sources = Sources(
        flow=None if text is None else SourceText(text, f"{name}.yaml"),
        knowledge=archive.knowledge,
        settings=None if archive.settings is None else SourceText(archive.settings, SETTINGS),
    )
    readings = [read_flow(flow.text, file=f"{key}.yaml").diagnostics for key, flow in archive.flows.items()]
    return Preview(
        changes=changes_since_live(tenant, sources),
        faults=_faults(archive),
        flow_faults=tuple(fault for faults in readings for fault in faults if fault.severity is Severity.ERROR),
        flows=tuple(archive.flows),
    )


@transaction.atomic
def apply_archive(*, tenant: Tenant, archive: Archive, by: Actor) -> None:
    """Replace the drafts of every part that the archive has. Raises ``HasFaultsError``; then nothing has changed.

    Conversation tests of an imported flow become those of the archive, and so do the questions that must be right,
    where it has any. Nothing is published.
    """
    require_role(by, tenant=tenant, role=Role.EDITOR)
    if faults := _faults(archive):
        raise HasFaultsError(faults)
    for name, flow_text in archive.flows.items():
        flow = Flow.objects.for_tenant(tenant).filter(name=name).first()
        flow = flow or flows.create_flow(tenant=tenant, name=name, by=by)
        flows.save_draft(flow=flow, text=flow_text.text, by=by)
        for case in FlowCase.objects.for_tenant(tenant).filter(flow=flow).exclude(name__in=flow_text.cases):
            flows.remove_case(case=case, by=by)
        for case_name, text in flow_text.cases.items():
            flows.save_case(flow=flow, name=case_name, text=text, by=by)
    if archive.knowledge is not None:
        knowledge.save_draft(tenant=tenant, markdown=archive.knowledge, by=by)
    if archive.questions is not None:
        _expect(tenant, archive.questions, by)
    if archive.settings is not None:
        reading = read_settings_file(archive.settings, file=SETTINGS)
        if reading.document is not None:
            store_settings(tenant=tenant, document=reading.document, by=by)
    if archive.business is not None:
        document = read_business_file(archive.business, file=BUSINESS).document
        if document is not None:
            business.save_draft(tenant=tenant, document=document.to_json(), by=by)
    audit.record(by=by, verb="imported tenant", subject=tenant.slug, tenant=tenant)


def _expect(tenant: Tenant, wanted: tuple[Expectation, ...], by: Actor) -> None:
    kept = [one.question for one in wanted]
    for row in EvaluationQuestion.objects.for_tenant(tenant).exclude(question__in=kept):
        knowledge.expect_no_more(question=row, by=by)
    for one in wanted:
        knowledge.expect(tenant=tenant, question=one.question, heading=one.heading, by=by)


def _faults(archive: Archive) -> tuple[Diagnostic, ...]:
    settings = () if archive.settings is None else read_settings_file(archive.settings, file=SETTINGS).faults
    hours = () if archive.business is None else read_business_file(archive.business, file=BUSINESS).faults
    return (*settings, *hours)
