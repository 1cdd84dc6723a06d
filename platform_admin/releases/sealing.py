"""From pinned content to a numbered, signed release row. The caller holds the tenant's lock."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils import timezone as clock

from flow_engine.bundle import BundleError, open_bundle, seal
from flow_engine.bundle.content import Bundle
from flow_engine.bundle.signing import SigningKey
from flow_engine.diagnostics import Diagnostic, Severity
from platform_admin.credentials.actions import note_use
from platform_admin.credentials.purpose import Purpose
from platform_admin.credentials.queries import secrets_for_bundle
from platform_admin.errors import HasFaultsError
from platform_admin.knowledge.facts import facts_of, fill_facts
from platform_admin.message_templates.queries import templates_for_bundle
from platform_admin.observability.queries import sighting_of
from platform_admin.releases.content import Content
from platform_admin.releases.gate import GateReport
from platform_admin.releases.models import Release
from platform_admin.releases.payload import PinnedKnowledge, Rollout, TenantFacts, build_payload
from platform_admin.releases.signing_key import platform_signing_key
from platform_admin.tenants.actor import Actor, CommandActor
from platform_admin.tenants.models import Tenant, User

MOST_LOST: Final = 1_000
"""Releases that a restore can have lost; a runtime that claims more is not believed."""


@dataclass(frozen=True, slots=True)
class Wrapping:
    """All about a release that is not its content."""

    note: str = ""
    staged_for: Sequence[str] | None = None
    rolled_back_to: Release | None = None
    approved_by: User | None = None


def lock(tenant: Tenant) -> None:
    """The tenant's row is the lock for everything numbered under it (on SQLite the whole database is).

    Without the key: rows that only point at the tenant are written meanwhile, the audit trail's among them.
    """
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)


def make_release(*, tenant: Tenant, by: Actor, content: Content, gate: GateReport, wrapping: Wrapping) -> Release:
    """Number, build, sign, open again as the runtime will, store. Raises ``HasFaultsError``."""
    now = clock.now()
    serial = next_serial(tenant)
    envelope, bundle = _sealed(
        tenant=tenant, serial=serial, created=now, content=content, wrapping=wrapping, by=by, purpose=Purpose.RELEASE
    )
    return Release.objects.create(
        tenant=tenant,
        serial=serial,
        flow_version=content.flow_version,
        knowledge_version=content.knowledge_version,
        business_version=content.business_version,
        settings=content.settings.model_dump(mode="json", exclude_unset=True),
        staged_for=None if wrapping.staged_for is None else [*wrapping.staged_for],
        people_in_flight=content.people_in_flight,
        gate=gate.to_json(),
        envelope=envelope,
        digest=bundle.digest,
        etag=hashlib.sha256(envelope).hexdigest(),
        keyid=bundle.keyid,
        rolled_back_to=wrapping.rolled_back_to,
        note=wrapping.note,
        created_at=now,
        created_by=None if isinstance(by, CommandActor) else by,
        approved_by=wrapping.approved_by,
    )


def seal_candidate(*, tenant: Tenant, content: Content, by: Actor, at: datetime) -> bytes:
    """What is written now, signed, for one runtime to look at. Nothing is stored, and it is a release for nobody.

    Raises ``HasFaultsError``.
    """
    wrapping = Wrapping(staged_for=())
    envelope, _ = _sealed(
        tenant=tenant, serial=next_serial(tenant), created=at, content=content, wrapping=wrapping, by=by,
        purpose=Purpose.REPLAY,
    )  # fmt: skip
    return envelope


def _filled(tenant: Tenant, content: Content, created: datetime) -> str:
    """The FAQ as customers are answered from it: its placeholders filled from the business settings beside it."""
    markdown = "" if content.knowledge_version is None else content.knowledge_version.markdown
    today = created.astimezone(ZoneInfo(tenant.timezone)).date()
    facts = facts_of(content.settings.business.to_json(), language=tenant.language, today=today)
    return fill_facts(markdown, facts)


def next_serial(tenant: Tenant) -> int:
    """Above every release there was, and above what the runtime has: after a restore it may remember a later one."""
    last: int = Release.objects.for_tenant(tenant).aggregate(last=Max("serial"))["last"] or 0
    seen = sighting_of(tenant)
    running = 0 if seen is None else seen.serial or 0
    return 1 + (running if last < running <= last + MOST_LOST else last)


def _sealed(
    *,
    tenant: Tenant,
    serial: int,
    created: datetime,
    content: Content,
    wrapping: Wrapping,
    by: Actor,
    purpose: Purpose,
) -> tuple[bytes, Bundle]:
    signing_key: SigningKey = platform_signing_key()
    knowledge, secrets = content.knowledge_version, secrets_for_bundle(tenant)
    about = str(serial) if purpose is Purpose.RELEASE else ""
    note_use(tenant=tenant, fields=secrets, purpose=purpose, by=by, about=about, at=created)
    payload = build_payload(
        tenant=TenantFacts(tenant.slug, tenant.timezone, tenant.language, templates_for_bundle(tenant)),
        serial=serial,
        created=created,
        program=content.flow_version.program,
        knowledge=None if knowledge is None else PinnedKnowledge(knowledge.label, _filled(tenant, content, created)),
        settings=content.settings,
        secrets=secrets,
        rollout=Rollout(wrapping.staged_for, content.people_in_flight),
    )
    try:
        envelope = seal(payload, signing_key)
        keys = [signing_key.public_key]
        return envelope, open_bundle(
            envelope, public_keys=keys, tenant=tenant.slug, floor_serial=serial, floor_digest=None
        )
    except BundleError as error:
        message = f"The bundle cannot be made: {error.message}"
        raise HasFaultsError([Diagnostic("S207", Severity.ERROR, message, "", "bundle", 1, 1)]) from error
