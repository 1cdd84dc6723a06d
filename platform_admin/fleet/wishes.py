"""From a deployment to what a driver is asked for, secrets included. Issues the runtime's token where there is none.

A runtime's token is stored only as its hash where tokens are checked, but a container that is made anew needs it again:
the deployment keeps it sealed under the platform's keys. One that none of them opens any more is replaced.
"""

from __future__ import annotations

from collections.abc import Sequence

from platform_admin.credentials.queries import tenant_fernet_keys
from platform_admin.credentials.vault import platform_vault
from platform_admin.errors import KeyMaterialError
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.driver import SecretFile, WantedRuntime
from platform_admin.fleet.models import Deployment
from platform_admin.releases.provisioning import FERNET_KEYS_FILE, PUBLIC_KEYS_FILE, RUNTIME_TOKEN_FILE
from platform_admin.releases.signing_key import public_keys_file
from platform_admin.tenants.actions import issue_runtime_token
from platform_admin.tenants.actor import Actor

TOKEN_FIELD = "fleet_runtime_token"  # noqa: S105 - what the sealed token is bound to

VARIABLES = {
    RUNTIME_TOKEN_FILE: "RUNTIME_TOKEN_FILE",
    FERNET_KEYS_FILE: "TENANT_FERNET_KEYS_FILE",
    PUBLIC_KEYS_FILE: "BUNDLE_PUBLIC_KEYS_FILE",
}
"""Secret file → variable of the runtime that points to it."""


def wanted_runtime(deployment: Deployment, configuration: FleetConfiguration, *, by: Actor) -> WantedRuntime:
    """How the tenant's runtime is to run now.

    Raises:
        KeyMaterialError: the tenant's own keys cannot be read.
    """
    return wish_with(
        deployment,
        configuration,
        token=runtime_token(deployment, by=by),
        fernet_keys=tenant_fernet_keys(deployment.tenant),
        public_keys=public_keys_file(),
    )


def wish_with(
    deployment: Deployment,
    configuration: FleetConfiguration,
    *,
    token: str,
    fernet_keys: Sequence[str],
    public_keys: str,
) -> WantedRuntime:
    """The same with secrets that are at hand."""
    tenant = deployment.tenant
    contents = {
        RUNTIME_TOKEN_FILE: f"{token}\n",
        FERNET_KEYS_FILE: "".join(f"{key}\n" for key in fernet_keys),
        PUBLIC_KEYS_FILE: public_keys,
    }
    return WantedRuntime(
        tenant=tenant.slug,
        image=deployment.image or configuration.image,
        environment={
            "CONTROL_PLANE_URL": configuration.control_plane_url,
            "TENANT_ID": tenant.slug,
            **configuration.passed_on,
        },
        secrets=tuple(SecretFile(VARIABLES[name], name, content) for name, content in contents.items()),
        resources=configuration.resources,
        port=deployment.port,
    )


def runtime_token(deployment: Deployment, *, by: Actor) -> str:
    """In clear; issued, and kept sealed, where there is none that can be opened."""
    tenant, vault = deployment.tenant, platform_vault()
    if deployment.sealed_token:
        try:
            return vault.open(deployment.sealed_token, tenant=tenant.slug, field=TOKEN_FIELD)
        except KeyMaterialError:
            pass  # the platform's keys went on without it; a fresh token is no loss
    clear = issue_runtime_token(tenant=tenant, by=by, label="fleet").clear
    deployment.sealed_token = vault.seal(tenant=tenant.slug, field=TOKEN_FIELD, value=clear)
    deployment.save(update_fields=["sealed_token"])
    return clear
