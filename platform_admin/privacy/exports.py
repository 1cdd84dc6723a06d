"""Archives of contacts: sealed when they arrive, opened for whoever asked, gone after days."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import ContactExport
from platform_admin.commands.queries import command_by_id
from platform_admin.credentials.vault import platform_vault
from platform_admin.errors import ConflictError
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.retention import days_kept


@transaction.atomic
def take_export(*, tenant: Tenant, command_id: uuid.UUID, content: bytes, now: datetime) -> ContactExport:
    """Keep the archive that a runtime made, sealed. The same bytes again change nothing.

    Raises ``NotThereError`` for a command that did not ask for one, ``ConflictError`` for other bytes than before.
    """
    command = command_by_id(tenant, command_id, kind=CommandKind.EXPORT_CONTACT)
    digest = hashlib.sha256(content).hexdigest()
    kept = ContactExport.objects.for_tenant(tenant).filter(command=command).first()
    if kept is not None and kept.sha256 != digest:
        raise ConflictError(_("Another archive was handed in for this request."))
    if kept is not None:
        return kept
    until = now + timedelta(days=days_kept(tenant, "exports_days"))
    export = ContactExport(tenant=tenant, command=command, sha256=digest, received_at=now, expires_at=until)
    export.content = platform_vault().seal_bytes(tenant=tenant.slug, field=export.field, value=content)
    export.save()
    return export


def opened(export: ContactExport) -> bytes:
    """The archive itself. Raises ``KeyMaterialError`` when no key at hand opens it."""
    return platform_vault().open_bytes(bytes(export.content), tenant=export.tenant.slug, field=export.field)
