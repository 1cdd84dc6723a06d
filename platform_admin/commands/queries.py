"""What is asked about requests to runtimes."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import ContactExport, RuntimeCommand
from platform_admin.errors import NotThereError
from platform_admin.tenants.models import Tenant


def tenants_with_queued_commands() -> frozenset[int]:
    """Keys of the tenants for which something waits to be fetched. One small query for all of them."""
    rows = RuntimeCommand.objects.across_tenants("one look serves every waiting runtime")
    # The ordering of the model would widen DISTINCT.
    waiting = rows.filter(state=RuntimeCommand.State.QUEUED).order_by()
    return frozenset(waiting.values_list("tenant_id", flat=True).distinct())


def command_by_id(tenant: Tenant, public_id: uuid.UUID, *, kind: CommandKind) -> RuntimeCommand:
    """Raises ``NotThereError``, also for another tenant's."""
    found = RuntimeCommand.objects.for_tenant(tenant).filter(public_id=public_id, kind=kind).first()
    if found is None:
        raise NotThereError(_("There is no such request."))
    return found


def recent_commands(tenant: Tenant, *, kind: CommandKind | None = None) -> QuerySet[RuntimeCommand]:
    """Newest first."""
    rows = RuntimeCommand.objects.for_tenant(tenant).select_related("issued_by")
    return rows if kind is None else rows.filter(kind=kind)


def export_of(tenant: Tenant, public_id: uuid.UUID, *, now: datetime) -> ContactExport | None:
    """The archive for a command, unless it has not arrived or its time is over."""
    rows = ContactExport.objects.for_tenant(tenant)
    return rows.filter(command__public_id=public_id, expires_at__gt=now).first()
