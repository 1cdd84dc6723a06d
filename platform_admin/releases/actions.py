"""What can be done to releases: publish, roll back, change the settings they are made from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone as clock

from flow_engine.bundle import BundleError, open_bundle, seal
from flow_engine.bundle.signing import SigningKey
from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.vocabulary import JSONObject
from platform_admin.credentials.queries import secrets_for_bundle
from platform_admin.errors import HasFaultsError, NotThereError
from platform_admin.flows.models import FlowVersion
from platform_admin.knowledge.models import KnowledgeVersion
from platform_admin.releases.gate import check_together
from platform_admin.releases.models import Release, TenantSettings
from platform_admin.releases.payload import PinnedKnowledge, TenantFacts, build_payload
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.settings_reading import check_settings
from platform_admin.releases.signing_key import platform_signing_key
from platform_admin.releases.sources import Sources, candidate, gather, store_settings
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor, require_role
from platform_admin.tenants.models import Role, Tenant


@dataclass(frozen=True, slots=True)
class _Content:
    """What one release pins."""

    flow_version: FlowVersion
    knowledge_version: KnowledgeVersion | None
    settings: SettingsDocument


def publish(*, tenant: Tenant, by: Actor, sources: Sources | None = None, note: str = "") -> Release:
    """Everything that is written now, checked together, as one signed release with the next serial.

    ``sources`` replaces drafts first; whatever it leaves out is taken as stored. Raises ``HasFaultsError`` with every
    fault of flow, settings and their combination; then nothing at all has changed. ``NotAllowedError`` below publisher.
    """
    require_role(by, tenant=tenant, role=Role.PUBLISHER)
    with transaction.atomic():
        _lock(tenant)
        found = gather(tenant=tenant, sources=sources or Sources(), by=by)
        content = _Content(found.flow_version, found.knowledge_version, found.settings)
        release = _release(tenant=tenant, by=by, content=content, note=note)
        audit.record(
            by=by, verb="published", subject=release, tenant=tenant, details={"serial": release.serial, "note": note}
        )
    return release


def rollback(*, tenant: Tenant, to_serial: int, by: Actor, note: str = "") -> Release:
    """A new release with the content of an old one. The secrets are today's: old ones may have been revoked.

    Raises ``NotThereError`` for a serial that never was, ``HasFaultsError`` when the old content no longer fits
    together, for example because a credential it needs was removed.
    """
    require_role(by, tenant=tenant, role=Role.PUBLISHER)
    with transaction.atomic():
        _lock(tenant)
        old = Release.objects.for_tenant(tenant).filter(serial=to_serial).first()
        if old is None:
            raise NotThereError(f"{tenant.slug} has no release {to_serial}.")
        reading = check_settings(old.settings)
        if reading.document is None:
            raise HasFaultsError(reading.faults)
        faults = check_together(
            candidate(
                tenant=tenant,
                program=old.flow_version.program,
                has_knowledge=old.knowledge_version is not None,
                settings=reading.document,
            )
        )
        if faults:
            raise HasFaultsError(faults)
        content = _Content(old.flow_version, old.knowledge_version, reading.document)
        release = _release(tenant=tenant, by=by, content=content, note=note, rolled_back_to=old)
        audit.record(
            by=by,
            verb="rolled back",
            subject=release,
            tenant=tenant,
            details={"serial": release.serial, "content_of": to_serial},
        )
    return release


@transaction.atomic
def save_settings(*, tenant: Tenant, document: JSONObject, by: Actor) -> TenantSettings:
    """Replace the tenant's settings. Raises ``HasFaultsError``; then nothing has changed."""
    require_role(by, tenant=tenant, role=Role.EDITOR)
    reading = check_settings(document)
    if reading.document is None:
        raise HasFaultsError(reading.faults)
    return store_settings(tenant=tenant, document=reading.document, by=by)


def _lock(tenant: Tenant) -> None:
    """The tenant's row is the lock for everything numbered under it (on SQLite the whole database is)."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)


def _release(
    *, tenant: Tenant, by: Actor, content: _Content, note: str, rolled_back_to: Release | None = None
) -> Release:
    """Number, build, sign, open again as the runtime will, store. The caller holds the lock."""
    now = clock.now()
    signing_key = platform_signing_key()
    serial = 1 + (Release.objects.for_tenant(tenant).aggregate(last=Max("serial"))["last"] or 0)
    envelope = _sealed(tenant=tenant, serial=serial, created=now, content=content, signing_key=signing_key)
    bundle = open_bundle(
        envelope, public_keys=[signing_key.public_key], tenant=tenant.slug, floor_serial=serial, floor_digest=None
    )
    return Release.objects.create(
        tenant=tenant,
        serial=serial,
        flow_version=content.flow_version,
        knowledge_version=content.knowledge_version,
        settings=content.settings.model_dump(mode="json"),
        envelope=envelope,
        digest=bundle.digest,
        etag=hashlib.sha256(envelope).hexdigest(),
        keyid=bundle.keyid,
        rolled_back_to=rolled_back_to,
        note=note,
        created_at=now,
        created_by=None if isinstance(by, CommandActor) else by,
    )


def _sealed(*, tenant: Tenant, serial: int, created: datetime, content: _Content, signing_key: SigningKey) -> bytes:
    knowledge = content.knowledge_version
    payload = build_payload(
        tenant=TenantFacts(slug=tenant.slug, timezone=tenant.timezone, language=tenant.language),
        serial=serial,
        created=created,
        program=content.flow_version.program,
        knowledge=None if knowledge is None else PinnedKnowledge(knowledge.label, knowledge.markdown),
        settings=content.settings,
        secrets=secrets_for_bundle(tenant),
    )
    try:
        return seal(payload, signing_key)
    except BundleError as error:
        message = f"The bundle cannot be made: {error.message}"
        raise HasFaultsError([Diagnostic("S207", Severity.ERROR, message, "", "bundle", 1, 1)]) from error
