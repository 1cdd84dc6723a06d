"""Tenants that are wanted running, with keys and a token each, as provisioning and a first pass leave them."""

from __future__ import annotations

from cryptography.fernet import Fernet

from platform_admin.credentials.models import TenantKey
from platform_admin.credentials.vault import TENANT_KEY_FIELD, platform_vault
from platform_admin.fleet.models import LOWEST_PORT, Deployment
from platform_admin.fleet.wishes import TOKEN_FIELD
from platform_admin.tenants.models import Tenant

_AT_ONCE = 500


def seed_deployments(tenants: int) -> None:
    vault = platform_vault()
    made = Tenant.objects.bulk_create(
        (Tenant(slug=f"p{number}", name=f"Peluquería {number}", language="es", timezone="Europe/Madrid")
         for number in range(tenants)), batch_size=_AT_ONCE,
    )  # fmt: skip
    TenantKey.objects.bulk_create(
        (
            TenantKey(
                tenant=tenant,
                ciphertext=vault.seal(tenant=tenant.slug, field=TENANT_KEY_FIELD, value=Fernet.generate_key().decode()),
            )
            for tenant in made
        ),
        batch_size=_AT_ONCE,
    )
    Deployment.objects.bulk_create(
        (
            Deployment(
                tenant=tenant,
                port=LOWEST_PORT + number,
                sealed_token=vault.seal(tenant=tenant.slug, field=TOKEN_FIELD, value=f"fdrt_{tenant.slug}_{'x' * 32}"),
            )
            for number, tenant in enumerate(made)
        ),
        batch_size=_AT_ONCE,
    )
