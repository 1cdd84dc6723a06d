"""Where the world reaches a tenant's runtime, as the operator told in ``RUNTIME_PUBLIC_URL``."""

from __future__ import annotations

from django.conf import settings

from platform_admin.tenants.models import Tenant


def webhook_address(tenant: Tenant) -> str | None:
    """What Meta has to be told: ``https://…/webhook``; ``None`` where nobody told it to us."""
    template: str = settings.RUNTIME_PUBLIC_URL
    return f"{template.replace('{tenant}', tenant.slug)}/webhook" if template else None
