"""What is asked about templates: for the gate and for the bundle."""

from __future__ import annotations

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.message_templates.models import MessageTemplate, TemplateAccount
from platform_admin.tenants.models import Tenant


def were_fetched(tenant: Tenant) -> bool:
    """Whether the list of any account of the tenant was had at least once."""
    return TemplateAccount.objects.for_tenant(tenant).filter(fetched_at__isnull=False).exists()


def usable_names(tenant: Tenant) -> frozenset[str] | None:
    """The templates a step may rely on; ``None`` while nobody knows which there are."""
    if not were_fetched(tenant):
        return None
    return frozenset(row.name for row in MessageTemplate.objects.for_tenant(tenant) if row.is_usable)


def templates_for_bundle(tenant: Tenant) -> list[JSON] | None:
    """Every template as a bundle carries it; ``None`` while nobody knows which there are."""
    if not were_fetched(tenant):
        return None
    return [_as_json(row) for row in MessageTemplate.objects.for_tenant(tenant)]


def _as_json(row: MessageTemplate) -> JSON:
    shown: JSONObject = {
        "name": row.name,
        "language": row.language,
        "category": row.category,
        "status": row.status,
        "parameters": row.parameters,
        "header": row.header,
        "buttons": row.buttons,
    }
    return shown
