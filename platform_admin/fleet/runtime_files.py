"""The folder of one tenant's runtime on this machine: its secrets as files, and its state.

::

    <folder>/secrets/   token, keys and public keys; for their owner only
    <folder>/state/     the runtime's own; written by nobody else
"""

from __future__ import annotations

import os
from pathlib import Path

from platform_admin.fleet.drivers.port import RuntimeSpec
from platform_admin.fleet.models import Deployment
from platform_admin.releases.provisioning import (
    FERNET_KEYS_FILE,
    PUBLIC_KEYS_FILE,
    RUNTIME_TOKEN_FILE,
    issue_runtime_secrets,
)
from platform_admin.tenants.actor import Actor
from platform_admin.tenants.models import Tenant

_OWNER_ONLY = 0o600
_OWNER_ONLY_FOLDER = 0o700

SECRET_FILES = {
    "RUNTIME_TOKEN_FILE": RUNTIME_TOKEN_FILE,
    "TENANT_FERNET_KEYS_FILE": FERNET_KEYS_FILE,
    "BUNDLE_PUBLIC_KEYS_FILE": PUBLIC_KEYS_FILE,
}
"""Environment variable of the runtime → file it points to."""


def runtime_spec(
    deployment: Deployment, *, folder: Path, control_plane_url: str, by: Actor, graph_base_url: str = ""
) -> RuntimeSpec:
    """How the tenant's runtime is to run from ``folder``. Secrets that are missing there are issued and written."""
    tenant, secrets = deployment.tenant, folder / "secrets"
    if not all((secrets / name).is_file() for name in SECRET_FILES.values()):
        write_secrets(secrets, tenant=tenant, by=by)
    environment = {
        "CONTROL_PLANE_URL": control_plane_url,
        "TENANT_ID": tenant.slug,
        **{variable: str(secrets / name) for variable, name in SECRET_FILES.items()},
    }
    if graph_base_url:
        environment["GRAPH_BASE_URL"] = graph_base_url
    return RuntimeSpec(tenant=tenant.slug, port=deployment.port, state_dir=folder / "state", environment=environment)


def write_secrets(folder: Path, *, tenant: Tenant, by: Actor) -> None:
    """Issue a token and write it with the tenant's keys. The token of a lost folder stays valid until revoked."""
    folder.mkdir(mode=_OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    for name, content in issue_runtime_secrets(tenant=tenant, by=by).files().items():
        unfinished = folder / f"{name}.unfinished"
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(descriptor, "w") as file:
            file.write(content)
        unfinished.replace(folder / name)
