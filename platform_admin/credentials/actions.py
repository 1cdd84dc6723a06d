"""What can be done to secrets: put one in, take one out, give a tenant a key. None of them gives a value back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from cryptography.fernet import Fernet
from django.db import transaction
from django.utils import timezone as clock

from flow_engine.vocabulary import JSONObject
from platform_admin.credentials.models import Credential, TenantKey, UseOfCredential
from platform_admin.credentials.purpose import Purpose
from platform_admin.credentials.queries import secrets_under
from platform_admin.credentials.vault import TENANT_KEY_FIELD, platform_vault
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor, require_operator, require_role
from platform_admin.tenants.models import Role, Tenant

_SHORTEST_WITH_HINT = 12
"""Characters. Of a shorter secret the last four would give away too much."""


@transaction.atomic
def set_credential(*, tenant: Tenant, field: str, value: str, by: Actor, expires_on: date | None = None) -> Credential:
    """Store or replace one secret, and when its provider ends it. Raises ``ValidationError`` for an impossible path."""
    require_role(by, tenant=tenant, role=Role.OWNER)
    rows = Credential.objects.for_tenant(tenant)
    credential = rows.filter(field=field).first() or Credential(tenant=tenant, field=field)
    before = _mark(credential) if credential.pk else None
    credential.ciphertext = platform_vault().seal(tenant=tenant.slug, field=field, value=value)
    credential.last4 = value[-4:] if len(value) >= _SHORTEST_WITH_HINT else ""
    credential.expires_on = expires_on
    credential.updated_by = None if isinstance(by, CommandActor) else by
    credential.full_clean()
    credential.save()
    audit.record(by=by, verb="set credential", subject=field, tenant=tenant, before=before, after=_mark(credential))
    return credential


@transaction.atomic
def set_expiry(*, credential: Credential, expires_on: date | None, by: Actor) -> Credential:
    """When the provider ends a secret that is stored already; ``None`` for never, or not known."""
    require_role(by, tenant=credential.tenant, role=Role.OWNER)
    if credential.expires_on == expires_on:
        return credential
    before, credential.expires_on = _mark(credential), expires_on
    credential.save(update_fields=["expires_on"])
    audit.record(
        by=by, verb="set expiry", subject=credential.field, tenant=credential.tenant, before=before,
        after=_mark(credential),
    )  # fmt: skip
    return credential


def _mark(credential: Credential) -> JSONObject:
    """What the trail may know of a secret."""
    ends = credential.expires_on
    return {"last4": credential.last4, "expires_on": None if ends is None else ends.isoformat()}


@transaction.atomic
def remove_credential(*, credential: Credential, by: Actor) -> None:
    """Forget one secret. The next release goes without it; releases made before keep theirs."""
    require_role(by, tenant=credential.tenant, role=Role.OWNER)
    tenant, field = credential.tenant, credential.field
    before = _mark(credential)
    credential.delete()
    audit.record(by=by, verb="removed credential", subject=field, tenant=tenant, before=before)


@transaction.atomic
def create_tenant_key(*, tenant: Tenant, by: Actor, waits: bool = False) -> TenantKey:
    """A fresh Fernet key for the tenant. It becomes the encrypting one; older keys still decrypt.

    With ``waits`` it is only handed out for now, and the present one goes on encrypting.
    """
    require_operator(by)
    clear = Fernet.generate_key().decode("ascii")
    sealed = platform_vault().seal(tenant=tenant.slug, field=TENANT_KEY_FIELD, value=clear)
    key = TenantKey.objects.create(tenant=tenant, ciphertext=sealed, waits=waits)
    audit.record(by=by, verb="created tenant key", subject=tenant.slug, tenant=tenant)
    return key


def open_secrets(*, tenant: Tenant, place: str, keys: Collection[str], purpose: Purpose, by: Actor) -> dict[str, str]:
    """Some of the secrets of one channel or connector (``channels.0``) in clear, by their key; that is noted."""
    found = secrets_under(tenant, f"{place}.", keys)
    note_use(tenant=tenant, fields=[f"{place}.{key}" for key in found], purpose=purpose, by=by)
    return found


def note_use(
    *, tenant: Tenant, fields: Collection[str], purpose: Purpose, by: Actor, about: str = "", at: datetime | None = None
) -> None:
    """A line of the use log for each of these secrets: who had it opened, and what for."""
    at = at or clock.now()
    UseOfCredential.objects.bulk_create(
        (
            UseOfCredential(
                tenant=tenant,
                field=field,
                purpose=purpose.value,
                about=about,
                who=audit.label_of(by),
                day=at.date(),
                at=at,
            )
            for field in fields
        ),
        update_conflicts=True,
        unique_fields=["tenant", "field", "purpose", "about", "who", "day"],
        update_fields=["at"],
    )
