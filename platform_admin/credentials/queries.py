"""The reads of secrets in clear: for a runtime's files, a bundle, a call on the tenant's behalf. None is shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from platform_admin.credentials.models import Credential, TenantKey
from platform_admin.credentials.vault import TENANT_KEY_FIELD, Vault, platform_vault
from platform_admin.errors import KeyMaterialError
from platform_admin.tenants.models import Tenant


def tenant_fernet_keys(tenant: Tenant) -> tuple[str, ...]:
    """The tenant's live Fernet keys in clear, newest first: the content of its keys file."""
    vault = platform_vault()
    rows = TenantKey.objects.for_tenant(tenant).filter(retired_at=None)
    return tuple(vault.open(row.ciphertext, tenant=tenant.slug, field=TENANT_KEY_FIELD) for row in rows)


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


def secrets_under(tenant: Tenant, prefix: str) -> dict[str, str]:
    """The secrets of one channel or connector in clear, by the last part of their field: for asking its provider."""
    vault = platform_vault()
    rows = Credential.objects.for_tenant(tenant).filter(field__startswith=prefix)
    return {
        row.field.removeprefix(prefix): vault.open(row.ciphertext, tenant=tenant.slug, field=row.field) for row in rows
    }


def masked_under(tenant: Tenant, prefix: str) -> dict[str, str]:
    """What may be shown of them: ``••••`` and the last four, by the last part of the field."""
    rows = Credential.objects.for_tenant(tenant).filter(field__startswith=prefix)
    return {row.field.removeprefix(prefix): f"••••{row.last4}" for row in rows}
