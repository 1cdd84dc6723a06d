"""Connecting a tenant to the world: keep what was entered, and see whether it works."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone as clock

from connectors.probe import Choice, ProbeResult
from connectors.registry import choices_of_block, probe_block
from flow_engine.vocabulary import JSONObject
from platform_admin.credentials.actions import note_use, set_credential, set_expiry
from platform_admin.credentials.models import Credential
from platform_admin.errors import HasFaultsError, NotThereError
from platform_admin.releases.actions import save_settings
from platform_admin.releases.models import TenantSettings
from platform_admin.releases.sources import settings_of
from platform_admin.releases.stored_connections import stored_block
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.models import Role, Tenant


@transaction.atomic
def connect(
    *, tenant: Tenant, category: str, block: JSONObject, secrets: Mapping[str, str], by: Actor
) -> TenantSettings:
    """Bind ``category`` to ``block`` (with its ``type``) and store the secrets. The next release carries both.

    Raises ``HasFaultsError`` or ``ValidationError``; then nothing has changed. Needs an owner.
    """
    require_role(by, tenant=tenant, role=Role.OWNER)
    reading = settings_of(tenant)
    if reading.document is None:
        raise HasFaultsError(reading.faults)
    document = reading.document.model_dump(mode="json", exclude_unset=True)
    document.pop("business", None)  # kept and versioned on its own
    bound = {**document.get("connectors", {}), category: block}
    row = save_settings(tenant=tenant, document={**document, "connectors": bound}, by=by)
    for key, value in secrets.items():
        set_credential(tenant=tenant, field=f"connectors.{category}.{key}", value=value, by=by)
    return row


def choices(*, tenant: Tenant, category: str, by: Actor) -> tuple[Choice, ...] | ProbeResult:
    """What the stored credential opens, for an owner to pick from, or in plain words why that cannot be told.

    Raises ``NotThereError`` when the category is not set up.
    """
    require_role(by, tenant=tenant, role=Role.OWNER)
    stored, secrets = stored_block(tenant, category)
    found = asyncio.run(choices_of_block(category, {**stored, **secrets}, egress=settings.PROBE_EGRESS))
    fields = [f"connectors.{category}.{key}" for key in secrets]
    note_use(tenant=tenant, fields=fields, purpose="probe", at=clock.now())
    return found


def choose(*, tenant: Tenant, category: str, value: str, by: Actor) -> TenantSettings:
    """Take one of ``choices``. Raises ``NotThereError`` for anything else: it is asked for anew."""
    found = choices(tenant=tenant, category=category, by=by)
    picked = None if isinstance(found, ProbeResult) else next((item for item in found if item.value == value), None)
    if picked is None:
        raise NotThereError("That is none of what the other side has for you. Look again.")
    stored, _secrets = stored_block(tenant, category)
    return connect(tenant=tenant, category=category, block={**stored, picked.option: picked.value}, secrets={}, by=by)


@transaction.atomic
def set_last_day(*, tenant: Tenant, category: str, expires_on: date | None, by: Actor) -> None:
    """When the provider ends what is stored for ``category``; ``None`` for never, or not known. Needs an owner."""
    rows = Credential.objects.for_tenant(tenant).filter(field__startswith=f"connectors.{category}.")
    for credential in rows:
        set_expiry(credential=credential, expires_on=expires_on, by=by)


def probe(*, tenant: Tenant, category: str, by: Actor) -> ProbeResult:
    """Ask the other side, with the stored settings and secrets, whether it would work. Changes nothing there.

    Raises ``NotThereError`` when the category is not set up.
    """
    require_role(by, tenant=tenant, role=Role.EDITOR)
    stored, secrets = stored_block(tenant, category)
    result = asyncio.run(probe_block(category, {**stored, **secrets}, egress=settings.PROBE_EGRESS))
    fields = [f"connectors.{category}.{key}" for key in secrets]
    note_use(tenant=tenant, fields=fields, purpose="probe", at=clock.now())
    details: JSONObject = {"status": str(result.status)}
    audit.record(by=by, verb="probed connector", subject=category, tenant=tenant, details=details)
    return result
