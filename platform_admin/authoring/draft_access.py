"""What every page of the authoring app needs of a tenant: its draft, and the business the sandbox plays with."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone as clock

from flow_engine.program import Program, ProgramSettings, load_program
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.draft_model import DraftModel, Known, read_draft
from platform_admin.authoring.phone.sandbox import Business
from platform_admin.authoring.places import Visit
from platform_admin.business.queries import draft_of as business_draft_of
from platform_admin.credentials.queries import credential_fields
from platform_admin.flows.models import Flow, FlowDraft
from platform_admin.flows.queries import main_flow
from platform_admin.knowledge.facts import facts_of, fill_facts
from platform_admin.knowledge.queries import document_of
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.sources import Written, settings_of
from platform_admin.tenants.models import Tenant

KEPT_PROGRAMS: Final = 16
"""Drafts that somebody chats with at one time in one process; one of 200 steps takes a few megabytes."""


class OfTenant(Protocol):
    """Whoever looks at a business, with an account or without."""

    @property
    def tenant(self) -> Tenant:
        """The business."""


def tenant_draft(tenant: Tenant) -> FlowDraft:
    """The draft of the tenant's conversation; an empty one, not yet stored, where there is none."""
    flow = main_flow(tenant)
    rows = FlowDraft.objects.for_tenant(tenant).select_related("updated_by")
    draft = None if flow is None else rows.filter(flow=flow).first()
    draft = draft or FlowDraft(tenant=tenant)
    draft.tenant, draft.flow = tenant, flow or Flow(tenant=tenant)
    return draft


def draft_of(visit: Visit) -> FlowDraft:
    """The draft of the business that somebody visits, which ``place`` has let in."""
    return tenant_draft(visit.tenant)


def model_of(draft: FlowDraft, text: str | None = None) -> DraftModel:
    """The draft's text, or another one in its place, as every view shows it."""
    return read_draft(draft.text if text is None else text, draft.flow.file_name, known_to(draft.tenant))


def model_of_written(tenant: Tenant, written: Written) -> DraftModel:
    """The same of what somebody has just read, to be published: nothing is asked for again."""
    source, settings = written.source, written.settings or SettingsDocument()
    known = Known(settings.model_dump_json(), written.credential_fields, tenant.pk)
    text, file = ("", (written.flow or Flow(tenant=tenant)).file_name) if source is None else (source.text, source.file)
    return read_draft(text, file, known)


def known_to(tenant: Tenant) -> Known:
    """What the tenant's conversation can call. While the settings have faults it is what ships."""
    settings = settings_of(tenant).document or SettingsDocument()
    return Known(settings.model_dump_json(), credential_fields(tenant), tenant.pk)


def stored_settings(visit: OfTenant) -> SettingsDocument:
    """As they are; the empty ones while they have faults, which the release gate reports."""
    return settings_of(visit.tenant).document or SettingsDocument()


def program_of(draft: FlowDraft, visit: OfTenant) -> Program | None:
    """The draft as the engine runs it for this tenant; ``None`` while it has errors. Raises ``ProgramError``."""
    settings = program_settings_of(visit, stored_settings(visit))
    known = known_to(draft.tenant)
    return load_draft(draft.text, draft.flow.file_name, known, json.dumps(asdict(settings), sort_keys=True))


@lru_cache(maxsize=KEPT_PROGRAMS)
def load_draft(text: str, file: str, known: Known, settings: str) -> Program | None:
    """``settings`` are ``ProgramSettings`` in JSON: everything by value, so a tap loads nothing anew."""
    program = read_draft(text, file, known).program
    return None if program is None else load_program(program, ProgramSettings(**json.loads(settings)))


def business_facts(visit: OfTenant) -> JSONObject:
    """What the bundle would say about the business if it were published now."""
    draft = business_draft_of(visit.tenant)
    return {} if draft is None else dict(draft.document)


def program_settings_of(visit: OfTenant, settings: SettingsDocument) -> ProgramSettings:
    return ProgramSettings(
        timezone=visit.tenant.timezone,
        language=visit.tenant.language,
        llm_enabled=settings.llm.enabled,
        sentences=settings.sentences,
        business=business_facts(visit),
    )


def filled_faq(visit: OfTenant, markdown: str) -> str:
    """As customers are answered from it: its placeholders filled from the business settings as they stand."""
    today = clock.now().astimezone(ZoneInfo(visit.tenant.timezone)).date()
    return fill_facts(markdown, facts_of(business_facts(visit), language=visit.tenant.language, today=today))


def sandbox_business(visit: OfTenant, settings: SettingsDocument) -> Business:
    document = document_of(visit.tenant)
    return Business(
        timezone=visit.tenant.timezone,
        language=visit.tenant.language,
        knowledge=filled_faq(visit, document.draft if document else ""),
        connectors=settings.connector_blocks(),
        facts=business_facts(visit),
    )


def case_defaults(visit: OfTenant, settings: SettingsDocument) -> dict[str, JSON]:
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
