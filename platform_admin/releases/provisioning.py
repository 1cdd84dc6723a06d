"""A new business, complete: tenant, its own key, a token for its runtime, and its channel."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from platform_admin.credentials.actions import create_tenant_key
from platform_admin.credentials.queries import tenant_fernet_keys
from platform_admin.releases.actions import save_settings
from platform_admin.releases.signing_key import public_keys_file
from platform_admin.tenants.actions import create_tenant, issue_runtime_token
from platform_admin.tenants.actor import Actor
from platform_admin.tenants.models import Tenant

RUNTIME_TOKEN_FILE = "runtime_token"  # noqa: S105 - a file name
FERNET_KEYS_FILE = "tenant_fernet_keys"
PUBLIC_KEYS_FILE = "bundle_public_keys.json"


@dataclass(frozen=True, slots=True, repr=False)
class RuntimeSecrets:
    """What a runtime is given once, outside the bundle. Clear text: hand it on, never log it."""

    token: str
    fernet_keys: tuple[str, ...]
    public_keys: str

    def files(self) -> dict[str, str]:
        """File name → content, as the runtime's environment variables point to them. Keys one a line, newest first."""
        return {
            RUNTIME_TOKEN_FILE: f"{self.token}\n",
            FERNET_KEYS_FILE: "".join(f"{key}\n" for key in self.fernet_keys),
            PUBLIC_KEYS_FILE: self.public_keys,
        }


@transaction.atomic
def provision(
    *, slug: str, name: str, language: str, timezone: str, channel: str | None, by: Actor
) -> tuple[Tenant, RuntimeSecrets]:
    """Everything or nothing. Raises what ``create_tenant`` raises."""
    tenant = create_tenant(slug=slug, name=name, language=language, timezone=timezone, by=by)
    create_tenant_key(tenant=tenant, by=by)
    save_settings(tenant=tenant, document={"channels": [{"type": channel}] if channel else []}, by=by)
    return tenant, issue_runtime_secrets(tenant=tenant, by=by)


def issue_runtime_secrets(*, tenant: Tenant, by: Actor) -> RuntimeSecrets:
    """A fresh token, with the tenant's keys and the platform's public key beside it."""
    issued = issue_runtime_token(tenant=tenant, by=by, label="provisioned")
    return RuntimeSecrets(
        token=issued.clear,
        fernet_keys=tenant_fernet_keys(tenant),
        public_keys=public_keys_file(),
    )
