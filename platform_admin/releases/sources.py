"""What a release is made from: the drafts as stored, or texts handed in to replace them.

``gather`` reads everything before it stores anything, so that all faults are reported at once and a refusal leaves the
drafts as they were.

Codes: S205 a knowledge version that is not there, S208 no flow yet, S210 a knowledge document that is too long.
"""

from __future__ import annotations

from dataclasses import dataclass

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.language import FlowReading, read_flow
from flow_engine.vocabulary import JSONObject
from platform_admin.credentials.queries import credential_fields
from platform_admin.errors import HasFaultsError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow, FlowDraft, FlowVersion
from platform_admin.flows.queries import main_flow
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.models import MAX_MARKDOWN_CHARACTERS, KnowledgeVersion
from platform_admin.knowledge.queries import document_of, version_by_label
from platform_admin.releases.gate import Candidate, check_together
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.settings_places import AS_STORED, SettingsPlaces
from platform_admin.releases.settings_reading import SettingsReading, check_settings, read_settings_file
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor
from platform_admin.tenants.models import Tenant

_COLUMNS = ("channels", "connectors", "llm", "sentences", "business")


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
class Gathered:
    """Sound parts, stored as versions."""

    flow_version: FlowVersion
    knowledge_version: KnowledgeVersion | None
    settings: SettingsDocument


def gather(*, tenant: Tenant, sources: Sources, by: Actor) -> Gathered:
    """Check all parts and their combination, then store them. Raises ``HasFaultsError`` with every fault."""
    flow = main_flow(tenant)
    source = sources.flow or _stored_flow(flow)
    reading = None if source is None else read_flow(source.text, file=source.file)
    settings = _read_settings(tenant, sources.settings)
    markdown = sources.knowledge if sources.knowledge is not None else _stored_markdown(tenant)
    faults = _faults(tenant=tenant, reading=reading, settings=settings, markdown=markdown)
    if settings.document is None or source is None or any(fault.severity is Severity.ERROR for fault in faults):
        raise HasFaultsError(faults)
    return Gathered(
        flow_version=_keep_flow(tenant=tenant, flow=flow, source=source, by=by),
        knowledge_version=_keep_knowledge(tenant=tenant, markdown=markdown, settings=settings.document, by=by),
        settings=_keep_settings(tenant=tenant, document=settings.document, given=sources.settings, by=by),
    )


def settings_of(tenant: Tenant) -> SettingsReading:
    """The stored settings, checked; an unconfigured tenant has the empty document."""
    row = TenantSettings.objects.for_tenant(tenant).first()
    return check_settings({name: getattr(row, name) for name in _COLUMNS} if row else {})


def store_settings(*, tenant: Tenant, document: SettingsDocument, by: Actor) -> TenantSettings:
    """Write a checked document into the tenant's row."""
    row = TenantSettings.objects.for_tenant(tenant).first() or TenantSettings(tenant=tenant)
    plain = document.model_dump(mode="json")
    for name in _COLUMNS:
        setattr(row, name, plain[name])
    row.save()
    audit.record(by=by, verb="saved settings", subject=tenant.slug, tenant=tenant)
    return row


def _faults(
    *, tenant: Tenant, reading: FlowReading | None, settings: SettingsReading, markdown: str
) -> tuple[Diagnostic, ...]:
    texts = ((_no_flow(tenant),) if reading is None else reading.diagnostics) + _knowledge_faults(markdown)
    if settings.document is None:
        return (*texts, *settings.faults)
    asked = settings.document.llm.knowledge_version
    missing = () if asked is None or version_by_label(tenant, asked) else (_no_version(asked, settings.places),)
    together = check_together(
        candidate(
            tenant=tenant,
            program=None if reading is None or not reading.ok else reading.program,
            has_knowledge=bool(markdown.strip()) or asked is not None,
            settings=settings.document,
            places=settings.places,
        )
    )
    return (*texts, *missing, *together)


def candidate(
    *,
    tenant: Tenant,
    program: JSONObject | None,
    has_knowledge: bool,
    settings: SettingsDocument,
    places: SettingsPlaces = AS_STORED,
) -> Candidate:
    """What the gate looks at, with what the tenant itself adds."""
    return Candidate(
        program=program,
        has_knowledge=has_knowledge,
        settings=settings,
        credential_fields=credential_fields(tenant),
        timezone=tenant.timezone,
        language=tenant.language,
        places=places,
    )


def _no_flow(tenant: Tenant) -> Diagnostic:
    return Diagnostic("S208", Severity.ERROR, f"{tenant.name} has no flow yet.", "Write one first.", "flow", 1, 1)


def _knowledge_faults(markdown: str) -> tuple[Diagnostic, ...]:
    if len(markdown) <= MAX_MARKDOWN_CHARACTERS:
        return ()
    message = f"The knowledge document has {len(markdown)} characters, {MAX_MARKDOWN_CHARACTERS} fit."
    return (Diagnostic("S210", Severity.ERROR, message, "Shorten it.", "knowledge", 1, 1),)


def _no_version(label: str, places: SettingsPlaces) -> Diagnostic:
    message = f"llm.knowledge_version asks for {label}, which does not exist."
    hint = "Leave it out to take the text as written now."
    return places.fault("S205", message, hint, ("llm", "knowledge_version"))


def _stored_flow(flow: Flow | None) -> SourceText | None:
    draft = None if flow is None else FlowDraft.objects.for_tenant(flow.tenant).filter(flow=flow).first()
    if flow is None or draft is None:
        return None
    return SourceText(draft.text, flow.file_name)


def _stored_markdown(tenant: Tenant) -> str:
    document = document_of(tenant)
    return "" if document is None else document.draft


def _read_settings(tenant: Tenant, given: SourceText | None) -> SettingsReading:
    return settings_of(tenant) if given is None else read_settings_file(given.text, file=given.file)


def _keep_flow(*, tenant: Tenant, flow: Flow | None, source: SourceText, by: Actor) -> FlowVersion:
    flow = flow or flows.create_flow(tenant=tenant, name="main", by=by)
    draft = FlowDraft.objects.for_tenant(tenant).filter(flow=flow).first()
    if draft is None or draft.text != source.text:
        flows.save_draft(flow=flow, text=source.text, by=by)
    return flows.keep_version(flow=flow, text=source.text, by=by, file=source.file)


def _keep_knowledge(*, tenant: Tenant, markdown: str, settings: SettingsDocument, by: Actor) -> KnowledgeVersion | None:
    kept = None
    if markdown.strip():
        document = document_of(tenant)
        if document is None or document.draft != markdown:
            document = knowledge.save_draft(tenant=tenant, markdown=markdown, by=by)
        kept = knowledge.keep_version(document=document, by=by)
    asked = settings.llm.knowledge_version
    return kept if asked is None else version_by_label(tenant, asked)


def _keep_settings(
    *, tenant: Tenant, document: SettingsDocument, given: SourceText | None, by: Actor
) -> SettingsDocument:
    if given is not None:
        store_settings(tenant=tenant, document=document, by=by)
    return document
