"""In which order secrets are locked. Two that lock in two orders wait for each other until PostgreSQL ends one."""

from __future__ import annotations

from platform_admin.credentials.models import Credential
from platform_admin.tenants.models import Tenant


def hold_credentials(tenant: Tenant, prefix: str) -> list[Credential]:
    """The secrets of one channel or connector (``connectors.llm.``) by their field, held until the transaction ends.

    For whatever changes secrets and something else: before the first entry into the trail, which locks the tenant's
    chain, as whoever saves a secret alone has it locked before she writes into the trail. Behind the settings, where
    those are locked as well.
    """
    rows = Credential.objects.for_tenant(tenant).filter(field__startswith=prefix).order_by("field")
    return list(rows.select_for_update())
