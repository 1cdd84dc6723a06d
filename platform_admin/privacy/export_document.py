"""What a customer is given: what the runtime holds, and beside it what the control plane holds under the pseudonym."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder

from platform_admin.observability.models import Conversation, DeadLetter, HandOff, ScheduledTask, Turn
from platform_admin.tenants.models import AuditEntry, Tenant
from platform_admin.tenants.scoping import TenantOwned

_TABLES: Final[tuple[type[TenantOwned], ...]] = (Conversation, Turn, HandOff, DeadLetter, ScheduledTask)
_OURS: Final = frozenset({"id", "tenant_id"})
"""Columns that say nothing about anybody."""


def whole_archive(*, tenant: Tenant, contact: str, archive: bytes) -> bytes:
    """``archive`` (a zip) with a folder ``control_plane/`` added to it."""
    buffer = io.BytesIO(archive)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as file:
        for name, rows in held_here(tenant=tenant, contact=contact).items():
            text = json.dumps(rows, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
            file.writestr(f"control_plane/{name}.json", text)
    return buffer.getvalue()


def held_here(*, tenant: Tenant, contact: str) -> dict[str, list[dict[str, object]]]:
    """Rows about the contact, by table; tables without any are left out."""
    found: dict[str, list[dict[str, object]]] = {}
    for model in _TABLES:
        rows: Any = model._default_manager  # noqa: SLF001 - Django documents it
        found[model.__name__.lower()] = [_told(row) for row in rows.for_tenant(tenant).filter(contact=contact).values()]
    entries: Any = AuditEntry.objects.filter(tenant=tenant, contact=contact).order_by("pk")
    found["audit"] = [_told(row) for row in entries.values("at", "verb", "subject", "before", "after")]
    return {name: rows for name, rows in found.items() if rows}


def _told(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in _OURS}
