"""``manage.py tenants``: who there is, and how each stands."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from platform_admin.observability.overview import overview
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.operator_command import OperatorCommand, Told


class Command(OperatorCommand):
    help = "List the tenants: status, live release and what the runtime has, last report, what needs a look."
    changes_something = False

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        rows = overview(Tenant.objects.exclude(status=Tenant.Status.DELETED), now=timezone.now(), most=None)
        lines = [
            f"{row.tenant.slug:<24} {row.tenant.status:<10} live {row.live_serial or '–':<5} "
            f"has {row.runtime_serial or '–':<5} {'; '.join(map(str, row.alerts)) or 'well'}"
            for row in rows
        ]
        data = [
            {
                "tenant": row.tenant.slug,
                "name": row.tenant.name,
                "status": row.tenant.status,
                "live_serial": row.live_serial,
                "runtime_serial": row.runtime_serial,
                "last_seen_at": None if row.last_seen_at is None else row.last_seen_at.isoformat(),
                "last_inbound_at": None if row.last_inbound_at is None else row.last_inbound_at.isoformat(),
                "alerts": [str(alert) for alert in row.alerts],
            }
            for row in rows
        ]
        return Told("\n".join(lines) or "No tenants yet.", {"tenants": [*data]})
