"""Fetching the templates of tenants' accounts: for the command, and for whatever runs it by the hour."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connectors.whatsapp.management_client import ManagementClient, ManagementError
from connectors.whatsapp.template_definition import read_template
from platform_admin.credentials.purpose import Purpose
from platform_admin.errors import ControlPlaneError
from platform_admin.message_templates.actions import note_failed_fetch, replace_templates
from platform_admin.message_templates.models import MessageTemplate
from platform_admin.tenants.actor import Actor
from platform_admin.tenants.models import Tenant
from platform_admin.whatsapp.alarms import judge_template
from platform_admin.whatsapp.graph import open_graph, token_of
from platform_admin.whatsapp.numbers import Number, numbers_of

_FIELDS: Final = "name,language,status,category,components,quality_score,rejected_reason"
_PAGE: Final = "100"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SyncResult:
    """How one account's fetch ended. ``fault`` is empty for a good one; ``unusable`` names what cannot be sent."""

    tenant: str
    waba_id: str
    templates: int
    unusable: tuple[str, ...]
    fault: str = ""


def sync_templates(*, tenant: Tenant, by: Actor, now: datetime) -> list[SyncResult]:
    """Every account of the tenant, one after the other; the failure of one leaves the others and what was known."""
    accounts = {number.waba_id: number for number in numbers_of(tenant) if number.waba_id}
    return [_sync_account(number, waba_id, by, now) for waba_id, number in accounts.items() if waba_id]


def sync_all_templates(*, by: Actor, now: datetime) -> list[SyncResult]:
    """Every tenant's. One tenant's trouble is its own."""
    results = []
    for tenant in Tenant.objects.order_by("slug"):
        results += sync_templates(tenant=tenant, by=by, now=now)
    return results


def fetch_templates(*, graph: ManagementClient, tenant: Tenant, waba_id: str, now: datetime) -> int:
    """What the account has now, stored and judged; how many. Raises ``ManagementError``."""
    items = graph.items(f"{waba_id}/message_templates", {"fields": _FIELDS, "limit": _PAGE})
    definitions = [found for item in items if (found := read_template(item)) is not None]
    account = replace_templates(tenant=tenant, waba_id=waba_id, definitions=definitions, at=now)
    for template in MessageTemplate.objects.for_tenant(tenant).filter(account=account):
        judge_template(template, at=now)
    return len(definitions)


def _sync_account(number: Number, waba_id: str, by: Actor, now: datetime) -> SyncResult:
    tenant = number.tenant
    try:
        with open_graph(number, token_of(number, purpose=Purpose.TEMPLATES, by=by)) as graph:
            count = fetch_templates(graph=graph, tenant=tenant, waba_id=waba_id, now=now)
    except (ManagementError, ControlPlaneError) as error:
        log.warning("templates of %s could not be fetched: %s", tenant.slug, error.message)
        note_failed_fetch(tenant=tenant, waba_id=waba_id, fault=error.message)
        return SyncResult(tenant.slug, waba_id, 0, (), error.message)
    rows = MessageTemplate.objects.for_tenant(tenant).filter(account__waba_id=waba_id)
    return SyncResult(tenant.slug, waba_id, count, tuple(str(row) for row in rows if not row.is_usable))
