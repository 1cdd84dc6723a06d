"""What a release is made from: the drafts as stored, or texts handed in to replace them.

``read_written`` reads everything and stores nothing, so that all faults are found at once and a refusal leaves the
drafts as they were; ``keep`` makes versions of what was read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from flow_engine.language import FlowReading, read_flow
from flow_engine.vocabulary import JSONObject
from platform_admin.business import actions as business
from platform_admin.business.models import BusinessVersion
from platform_admin.business.queries import draft_of
from platform_admin.credentials.queries import credential_fields
from platform_admin.documents.conflict import refuse_if_changed
from platform_admin.errors import HasFaultsError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowDraft, FlowVersion
from platform_admin.flows.queries import cases_of, main_flow
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.evaluating import Expectation
from platform_admin.knowledge.models import KnowledgeVersion
from platform_admin.knowledge.queries import document_of, expectations_of, version_by_label
from platform_admin.message_templates.queries import usable_names
from platform_admin.releases.callable_operations import surroundings_of
from platform_admin.releases.gate import Candidate
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.settings_document import RetentionPolicy, SettingsDocument
from platform_admin.releases.settings_reading import SettingsReading, check_settings, read_settings_file
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor
from platform_admin.tenants.models import Tenant

SETTINGS_COLUMNS = ("channels", "connectors", "llm", "sentences", "policies")
"""The parts of the settings as columns of ``TenantSettings``."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text and the name by which faults refer to it."""

    text: str
    file: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Texts that replace what is stored; ``None`` means: as stored."""

    flow: SourceText | None = None
    knowledge: str | None = None
    settings: SourceText | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """All that is written for a tenant now. Equal when the same would go out.

    What follows from the texts takes no part in the comparison, nor does the row that they stand in.
    """

    flow: Flow | None = field(compare=False)
    source: SourceText | None
    cases: dict[str, str]
    markdown: str
    settings: SettingsDocument | None
    credential_fields: frozenset[str]
    expectations: tuple[Expectation, ...]
    reading: FlowReading | None = field(compare=False)
    settings_reading: SettingsReading = field(compare=False)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Sound parts, stored as versions."""

    flow_version: FlowVersion
    knowledge_version: KnowledgeVersion | None
    business_version: BusinessVersion
    settings: SettingsDocument


def read_written(*, tenant: Tenant, sources: Sources) -> Written:
    """Everything that would go out, with ``sources`` in the place of what is stored."""
    flow = main_flow(tenant)
    source = sources.flow or _stored_flow(flow)
    settings = _read_settings(tenant, sources.settings)
    stored = credential_fields(tenant)
    against = surroundings_of(settings.document, stored)
    return Written(
        flow=flow,
        source=source,
        cases={} if flow is None else cases_of(flow),
        markdown=_stored_markdown(tenant) if sources.knowledge is None else sources.knowledge,
        settings=settings.document,
        credential_fields=stored,
        expectations=expectations_of(tenant),
        reading=None if source is None else read_flow(source.text, file=source.file, surroundings=against),
        settings_reading=settings,
    )


def candidate_of(*, tenant: Tenant, written: Written) -> Candidate:
    """What the gate looks at."""
    reading, settings = written.reading, written.settings
    asked = None if settings is None else settings.llm.knowledge_version
    return Candidate(
        tenant=tenant.name,
        timezone=tenant.timezone,
        language=tenant.language,
        flow_source=None if written.source is None else written.source.text,
        flow_faults=() if reading is None else reading.diagnostics,
        program=reading.program if reading is not None and reading.ok else None,
        cases=written.cases,
        markdown=written.markdown,
        knowledge_asked=asked,
        knowledge_there=asked is not None and version_by_label(tenant, asked) is not None,
        settings=settings,
        settings_faults=written.settings_reading.faults,
        credential_fields=written.credential_fields,
        templates=usable_names(tenant),
        expectations=written.expectations,
        places=written.settings_reading.places,
        today=timezone.localdate(timezone=ZoneInfo(tenant.timezone)),
        faulty_parts=written.settings_reading.faulty_parts,
    )


def keep(*, tenant: Tenant, written: Written, sources: Sources, by: Actor) -> Gathered:
    """Store what was read and passed the gate: drafts where a text replaces them, versions of all parts."""
    if written.settings is None or written.source is None:
        raise HasFaultsError(written.settings_reading.faults)
    if sources.settings is not None:
        store_settings(tenant=tenant, document=written.settings, by=by)
    return Gathered(
        flow_version=_keep_flow(tenant=tenant, written=written, source=written.source, by=by),
        knowledge_version=_keep_knowledge(tenant=tenant, markdown=written.markdown, settings=written.settings, by=by),
        business_version=business.keep_version(tenant=tenant, by=by),
        settings=written.settings,
    )


def settings_of(tenant: Tenant, business: JSONObject | None = None) -> SettingsReading:
    """The stored settings with the business settings, checked; an unconfigured tenant has the empty document.

    ``business`` are the business settings, where somebody has just read them.
    """
    row = TenantSettings.objects.for_tenant(tenant).first()
    if business is None:
        draft = draft_of(tenant)
        business = dict(draft.document) if draft else {}
    document = {name: getattr(row, name) for name in SETTINGS_COLUMNS} if row else {}
    return check_settings({**document, "business": business})


def retention_of(tenant: Tenant) -> RetentionPolicy | None:
    """How long things are kept as it is stored; ``None`` where that cannot be read."""
    stored = settings_of(tenant, {}).document
    return None if stored is None else stored.policies.retention


@transaction.atomic
def store_settings(
    *, tenant: Tenant, document: SettingsDocument, by: Actor, over_revision: int | None = None
) -> TenantSettings:
    """Write a checked document into the tenant's row, and its business part where that belongs.

    ``over_revision`` is the revision the writer started from; ``EditConflictError`` when somebody else saved meanwhile.
    """
    rows = TenantSettings.objects.for_tenant(tenant).select_for_update(of=("self",)).select_related("updated_by")
    row = rows.first() or TenantSettings(tenant=tenant)
    plain = document.model_dump(mode="json", exclude_none=True)
    before: JSONObject = {name: getattr(row, name) for name in SETTINGS_COLUMNS}
    refuse_if_changed(row, over_revision=over_revision, theirs=before)
    after: JSONObject = {name: plain[name] for name in SETTINGS_COLUMNS}
    for name, value in after.items():
        setattr(row, name, value)
    row.revision += 1
    row.updated_by = None if isinstance(by, CommandActor) else by
    row.save()
    audit.record(by=by, verb="saved settings", subject=row, tenant=tenant, before=before, after=after)
    if "business" in document.model_fields_set:
        _store_business(tenant=tenant, document=document, by=by)
    return row


def _store_business(*, tenant: Tenant, document: SettingsDocument, by: Actor) -> None:
    wanted = document.business.to_json()
    draft = draft_of(tenant)
    if (draft.document if draft else {}) != wanted:
        business.save_draft(tenant=tenant, document=wanted, by=by)


def _stored_flow(flow: Flow | None) -> SourceText | None:
    draft = None if flow is None else FlowDraft.objects.for_tenant(flow.tenant).filter(flow=flow).first()
    if flow is None or draft is None:
        return None
    return SourceText(draft.text, flow.file_name)


def _stored_markdown(tenant: Tenant) -> str:
    document = document_of(tenant)
    return "" if document is None else document.draft


def _read_settings(tenant: Tenant, given: SourceText | None) -> SettingsReading:
    """A file that says nothing of the business leaves it as it is stored."""
    if given is None:
        return settings_of(tenant)
    reading = read_settings_file(given.text, file=given.file)
    if reading.document is None or "business" in reading.document.model_fields_set:
        return reading
    draft = draft_of(tenant)
    plain = reading.document.model_dump(mode="json", exclude_unset=True)
    return check_settings({**plain, "business": draft.document if draft else {}}, reading.places)


def _keep_flow(*, tenant: Tenant, written: Written, source: SourceText, by: Actor) -> FlowVersion:
    flow, against = written.flow, surroundings_of(written.settings, written.credential_fields)
    flow = flow or flows.create_flow(tenant=tenant, name="main", by=by)
    draft = FlowDraft.objects.for_tenant(tenant).filter(flow=flow).first()
    if draft is None or draft.text != source.text:
        flows.save_draft(flow=flow, text=source.text, by=by, against=against)
    return flows.keep_version(flow=flow, text=source.text, by=by, file=source.file, against=against)


def _keep_knowledge(*, tenant: Tenant, markdown: str, settings: SettingsDocument, by: Actor) -> KnowledgeVersion | None:
    kept = None
    if markdown.strip():
        document = document_of(tenant)
        if document is None or document.draft != markdown:
            document = knowledge.save_draft(tenant=tenant, markdown=markdown, by=by)
        kept = knowledge.keep_version(document=document, by=by)
    asked = settings.llm.knowledge_version
    return kept if asked is None else version_by_label(tenant, asked)
