"""A tenant's drafts as an archive. The same drafts give the same bytes."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, Final

import yaml

from platform_admin.business.queries import draft_of
from platform_admin.flows.models import Flow, FlowDraft
from platform_admin.flows.queries import cases_of
from platform_admin.knowledge.queries import document_of, expectations_of
from platform_admin.releases.archive.document import (
    BUSINESS,
    CASES,
    FLOWS,
    FORMAT,
    KNOWLEDGE,
    MANIFEST,
    QUESTIONS,
    SETTINGS,
)
from platform_admin.releases.archive.questions import write_questions
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.sources import SETTINGS_COLUMNS
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.models import Role, Tenant

_BEGINNING_OF_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_OWNER_WRITES_ALL_READ: Final = 0o644 << 16


def export_tenant(*, tenant: Tenant, by: Actor) -> bytes:
    """Needs a viewer: everything in it can be seen on pages. Credentials are left out, they cannot be seen."""
    require_role(by, tenant=tenant, role=Role.VIEWER)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in sorted(_texts(tenant).items()):
            entry = zipfile.ZipInfo(name, _BEGINNING_OF_ZIP_TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _OWNER_WRITES_ALL_READ
            file.writestr(entry, text.encode())
    audit.record(by=by, verb="exported tenant", subject=tenant.slug, tenant=tenant)
    return buffer.getvalue()


def _texts(tenant: Tenant) -> dict[str, str]:
    texts = {MANIFEST: json.dumps(_manifest(tenant), ensure_ascii=False, indent=2)}
    drafts = {draft.flow_id: draft.text for draft in FlowDraft.objects.for_tenant(tenant)}
    for flow in Flow.objects.for_tenant(tenant):
        texts[f"{FLOWS}/{flow.name}.yaml"] = drafts.get(flow.pk, "")
        for name, text in cases_of(flow).items():
            texts[f"{FLOWS}/{flow.name}/{CASES}/{name}"] = text
    document = document_of(tenant)
    if document is not None and document.draft:
        texts[KNOWLEDGE] = document.draft
    if expectations := expectations_of(tenant):
        texts[QUESTIONS] = write_questions(expectations)
    business = draft_of(tenant)
    if business is not None and business.document:
        texts[BUSINESS] = _yaml(business.document)
    settings = TenantSettings.objects.for_tenant(tenant).first()
    if settings is not None:
        texts[SETTINGS] = _yaml({name: getattr(settings, name) for name in SETTINGS_COLUMNS})
    return texts


def _manifest(tenant: Tenant) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "tenant": tenant.slug,
        "name": tenant.name,
        "language": tenant.language,
        "timezone": tenant.timezone,
    }


def _yaml(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)
