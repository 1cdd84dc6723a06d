"""What every page of the authoring app needs of a tenant: its draft, and the business the sandbox plays with."""

from __future__ import annotations

import json

from django.http import HttpRequest

from flow_engine.program import ProgramSettings
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.draft_model import DraftModel, read_draft
from platform_admin.authoring.phone.sandbox import Business
from platform_admin.authoring.places import Visit
from platform_admin.business.queries import draft_of as business_draft_of
from platform_admin.flows.models import Flow, FlowDraft
from platform_admin.flows.queries import draft_for, main_flow
from platform_admin.knowledge.queries import document_of
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.sources import settings_of


def draft_of(visit: Visit) -> FlowDraft:
    """The draft of the tenant's conversation; an empty one, not yet stored, where there is none."""
    flow = main_flow(visit.tenant)
    if flow is None:
        return FlowDraft(tenant=visit.tenant, flow=Flow(tenant=visit.tenant))
    return draft_for(flow_id=flow.pk, user=visit.user)


def model_of(draft: FlowDraft) -> DraftModel:
    return read_draft(draft.text, draft.flow.file_name)


def stored_settings(visit: Visit) -> SettingsDocument:
    """As they are; the empty ones while they have faults, which the release gate reports."""
    return settings_of(visit.tenant).document or SettingsDocument()


def business_facts(visit: Visit) -> JSONObject:
    """What the bundle would say about the business if it were published now."""
    draft = business_draft_of(visit.tenant)
    return {} if draft is None else dict(draft.document)


def program_settings_of(visit: Visit, settings: SettingsDocument) -> ProgramSettings:
    return ProgramSettings(
        timezone=visit.tenant.timezone,
        language=visit.tenant.language,
        llm_enabled=settings.llm.enabled,
        sentences=settings.sentences,
        business=business_facts(visit),
    )


def sandbox_business(visit: Visit, settings: SettingsDocument) -> Business:
    document = document_of(visit.tenant)
    return Business(
        timezone=visit.tenant.timezone,
        language=visit.tenant.language,
        knowledge=document.draft if document else "",
        connectors=settings.connector_blocks(),
        facts=business_facts(visit),
    )


def case_defaults(visit: Visit, settings: SettingsDocument) -> dict[str, JSON]:
    """The tenant's own settings in the form a conversation test writes them."""
    return {
        "timezone": visit.tenant.timezone,
        "language": visit.tenant.language,
        "sentences": dict(settings.sentences),
        "business": business_facts(visit),
    }


def json_body(request: HttpRequest) -> JSONObject:
    """The body; an empty object for anything that is none, which the caller then refuses in its own words."""
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
