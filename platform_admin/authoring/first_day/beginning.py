"""``begin_from``: one template becomes a business's own drafts."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSONObject
from platform_admin.authoring.first_day.content import business_of, cases_of, faq_of, flow_of
from platform_admin.authoring.first_day.industry import Industry
from platform_admin.business import actions as business
from platform_admin.business.queries import draft_of
from platform_admin.errors import AlreadyThereError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import FlowDraft
from platform_admin.flows.queries import main_flow
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.queries import document_of
from platform_admin.releases.actions import save_settings
from platform_admin.releases.callable_operations import surroundings_of
from platform_admin.releases.sources import settings_of
from platform_admin.releases.stored_settings import stored_settings
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.models import Role, Tenant


@transaction.atomic
def begin_from(industry: Industry, *, tenant: Tenant, by: Actor) -> None:
    """Conversation, tests, FAQ, hours and services, and stand-ins for what is not connected yet. All or nothing.

    In the tenant's language where there is an edition in it, else in English.
    What somebody has written already is never written over: ``AlreadyThereError`` when there is a conversation, and an
    FAQ or business settings that are there stay as they are. Raises ``HasFaultsError`` while the settings have faults.
    """
    require_role(by, tenant=tenant, role=Role.EDITOR)
    edition, flow = industry.edition_for(tenant.language), main_flow(tenant)
    if flow is not None and FlowDraft.objects.for_tenant(tenant).filter(flow=flow).exclude(text="").exists():
        raise AlreadyThereError(_("There is a conversation already. Change it instead of beginning again."))
    _stand_ins(tenant, by)
    written = draft_of(tenant)
    if written is None or not written.document:
        today = clock.now().astimezone(ZoneInfo(tenant.timezone)).date()
        business.save_draft(tenant=tenant, document=business_of(edition, name=tenant.name, today=today), by=by)
    document = document_of(tenant)
    if document is None or not document.draft.strip():
        knowledge.save_draft(tenant=tenant, markdown=faq_of(edition), by=by)
        for expected in edition.questions:
            knowledge.expect(tenant=tenant, question=expected.question, heading=expected.heading, by=by)
    flow = flow or flows.create_flow(tenant=tenant, name="main", by=by)
    flows.save_draft(
        flow=flow, text=flow_of(edition), by=by, against=surroundings_of(settings_of(tenant).document, frozenset())
    )
    for name, text in cases_of(edition).items():
        flows.save_case(flow=flow, name=name, text=text, by=by)


def _stand_ins(tenant: Tenant, by: Actor) -> None:
    """A calendar and an answerer of our own, until real ones are connected: everything can be tried from the start."""
    document, settings = stored_settings(tenant), settings_of(tenant).document
    connectors: JSONObject = {} if settings is None else {**settings.connector_blocks()}
    connectors.setdefault("calendar", {"type": "mock_calendar", "timezone": tenant.timezone})
    llm = document.get("llm")
    if not isinstance(llm, dict) or not llm.get("provider"):
        connectors.setdefault("llm", {"type": "mock_llm"})
        document["llm"] = {**(llm if isinstance(llm, dict) else {}), "enabled": True, "provider": "mock_llm"}
    save_settings(tenant=tenant, document={**document, "connectors": connectors}, by=by)
