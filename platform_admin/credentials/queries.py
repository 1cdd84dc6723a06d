"""The reads of secrets in clear: for a runtime's files, a bundle, a call on the tenant's behalf. None is shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from platform_admin.credentials.models import Credential, TenantKey, UseOfCredential
from platform_admin.credentials.vault import TENANT_KEY_FIELD, Vault, platform_vault
from platform_admin.errors import KeyMaterialError
from platform_admin.tenants.models import Tenant

_IN_THE_FILE: Final = ("waits", "-created_at", "-pk")
"""One that waits for its turn is handed out behind those that are in use."""


def tenant_fernet_keys(tenant: Tenant) -> tuple[str, ...]:
    """The tenant's live Fernet keys in clear, the encrypting one first: the content of its keys file."""
    rows = TenantKey.objects.for_tenant(tenant).filter(retired_at=None).order_by(*_IN_THE_FILE)
    return opened_fernet_keys(tenant.slug, [row.ciphertext for row in rows])


def sealed_fernet_keys(tenants: QuerySet[Any, Any]) -> dict[int, tuple[str, ...]]:
    """The live Fernet keys of ``tenants`` (their primary keys), sealed, the encrypting one first, in one query."""
    rows = TenantKey.objects.across_tenants("the caller names the tenants").filter(retired_at=None, tenant__in=tenants)
    found: dict[int, tuple[str, ...]] = {}
    for tenant, ciphertext in rows.order_by(*_IN_THE_FILE).values_list("tenant_id", "ciphertext"):
        found[tenant] = (*found.get(tenant, ()), ciphertext)
    return found


def opened_fernet_keys(slug: str, sealed: Sequence[str]) -> tuple[str, ...]:
    """What ``sealed_fernet_keys`` gave of one tenant, in clear. Raises ``KeyMaterialError``."""
    vault = platform_vault()
    return tuple(vault.open(ciphertext, tenant=slug, field=TENANT_KEY_FIELD) for ciphertext in sealed)


def secrets_for_bundle(tenant: Tenant) -> dict[str, str]:
    """Every credential as a Fernet token under the tenant's own key, by its field. Raises ``KeyMaterialError``."""
    rows = list(Credential.objects.for_tenant(tenant))
    if not rows:
        return {}
    keys = tenant_fernet_keys(tenant)
    if not keys:
        raise KeyMaterialError(f"{tenant.slug} has credentials but no key of its own; provision it first.")
    platform, own = platform_vault(), Vault(keys)
    return {
        row.field: own.seal(
            tenant=tenant.slug,
            field=row.field,
            value=platform.open(row.ciphertext, tenant=tenant.slug, field=row.field),
        )
        for row in rows
    }


def ends_by_tenant(tenants: Collection[int], *, until: date) -> dict[int, tuple[tuple[str, date], ...]]:
    """Field and last day of what ends by ``until`` or has ended, the soonest first, by the tenant's key. One query."""
    rows = Credential.objects.across_tenants("the caller names the tenants").filter(
        tenant__in=tenants, expires_on__lte=until
    )
    found: dict[int, tuple[tuple[str, date], ...]] = {}
    for tenant, field, ends in rows.order_by("expires_on", "field").values_list("tenant_id", "field", "expires_on"):
        if ends is not None:
            found[tenant] = (*found.get(tenant, ()), (field, ends))
    return found


@dataclass(frozen=True, slots=True)
class Stored:
    """What may be shown of one secret."""

    field: str
    mask: str
    ends: date | None


def stored_credentials(tenant: Tenant) -> tuple[Stored, ...]:
    """All of them, by their field, in one query."""
    rows = Credential.objects.for_tenant(tenant).order_by("field").values_list("field", "last4", "expires_on")
    return tuple(Stored(field, f"••••{last4}", ends) for field, last4, ends in rows)


def last_uses(tenant: Tenant) -> dict[str, UseOfCredential]:
    """The newest line of the use log by its field, in one query."""
    newest = Window(RowNumber(), partition_by=F("field"), order_by=[F("at").desc(), F("pk").desc()])
    rows = UseOfCredential.objects.for_tenant(tenant).annotate(newest=newest).filter(newest=1)
    return {row.field: row for row in rows}


def uses_of(tenant: Tenant, *, field: str = "") -> QuerySet[UseOfCredential]:
    """The use log, the newest line first; of one secret if ``field`` is given."""
    rows = UseOfCredential.objects.for_tenant(tenant)
    return rows.filter(field=field) if field else rows


def last_day_under(tenant: Tenant, prefix: str) -> date | None:
    """The soonest end of the secrets of one channel or connector, if any is known."""
    rows = Credential.objects.for_tenant(tenant).filter(field__startswith=prefix).exclude(expires_on=None)
    return rows.order_by("expires_on").values_list("expires_on", flat=True).first()


def credential_fields(tenant: Tenant) -> frozenset[str]:
    """Which places have a secret, without reading any."""
    return frozenset(Credential.objects.for_tenant(tenant).values_list("field", flat=True))


def secret_in_clear(tenant: Tenant, field: str) -> str | None:
    """One credential, for a call to its provider on the tenant's behalf; ``None`` where it is not stored."""
    row = Credential.objects.for_tenant(tenant).filter(field=field).first()
    return None if row is None else platform_vault().open(row.ciphertext, tenant=tenant.slug, field=field)


def secrets_under(tenant: Tenant, prefix: str, keys: Collection[str] | None = None) -> dict[str, str]:
    """The secrets of one channel or connector in clear, by the last part of their field: for asking its provider.

    Of ``keys`` alone, if they are given: one that cannot be opened stands in nobody's way who does without it.
    """
    vault = platform_vault()
    rows = Credential.objects.for_tenant(tenant).filter(field__startswith=prefix)
    if keys is not None:
        rows = rows.filter(field__in=[f"{prefix}{key}" for key in keys])
    return {
        row.field.removeprefix(prefix): vault.open(row.ciphertext, tenant=tenant.slug, field=row.field) for row in rows
    }


def masked_under(tenant: Tenant, prefix: str) -> dict[str, str]:
    """What may be shown of them: ``••••`` and the last four, by the last part of the field."""
    rows = Credential.objects.for_tenant(tenant).filter(field__startswith=prefix)
    return {row.field.removeprefix(prefix): f"••••{row.last4}" for row in rows}
