"""An archive replaces drafts: all of it or nothing."""

from __future__ import annotations

from django.db import transaction

from platform_admin.business import actions as business
from platform_admin.business.reading import read_business_file
from platform_admin.errors import HasFaultsError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowCase
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.evaluating import Expectation
from platform_admin.knowledge.models import EvaluationQuestion
from platform_admin.releases.archive.document import BUSINESS, SETTINGS, Archive
from platform_admin.releases.archive.new_numbers import refuse_new_numbers
from platform_admin.releases.archive.previewing import brings_other_settings, faults_of
from platform_admin.releases.settings_reading import read_settings_file
from platform_admin.releases.sources import store_settings
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.models import Role, Tenant


@transaction.atomic
def apply_archive(*, tenant: Tenant, archive: Archive, by: Actor) -> None:
    """Replace the drafts of every part that the archive has.

    Raises ``HasFaultsError``, or ``ConflictError`` for a WhatsApp number that is new here; then nothing has changed.

    Publishers restore, for it replaces what everybody has written; other settings are an owner's. Conversation tests
    of an imported flow become those of the archive, and so do the questions that must be right, where it has any.
    Nothing is published.
    """
    require_role(by, tenant=tenant, role=Role.PUBLISHER)
    if brings_other_settings(tenant, archive):
        require_role(by, tenant=tenant, role=Role.OWNER)
    refuse_new_numbers(tenant=tenant, archive=archive, by=by)
    if faults := faults_of(archive):
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
