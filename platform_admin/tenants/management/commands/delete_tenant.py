"""``manage.py delete_tenant``: everything of a tenant, after a time for second thoughts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.argument_types import TEN_YEARS_DAYS, whole_number
from platform_admin.tenants.lifecycle import GRACE, KEPT, ask_to_delete, delete_now
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug


class Command(OperatorCommand):
    help = (
        "Delete a tenant. It is suspended at once and deleted by the worker when the grace period is over; until then "
        "`suspend_tenant --resume` takes it back. Its runtime's own volume is removed by the fleet's driver."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("--confirm", required=True, metavar="SLUG", help="the slug once more")
        parser.add_argument(
            "--grace-days",
            type=whole_number(0, TEN_YEARS_DAYS),
            default=GRACE.days,
            help=f"default {GRACE.days}; 0 deletes now",
        )

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant, days = tenant_by_slug(options["slug"]), options["grace_days"]
        ask_to_delete(tenant=tenant, typed=options["confirm"], by=by, grace=timedelta(days=days))
        kept = "".join(f"\n  {line}" for line in KEPT)
        if days > 0:
            due = tenant.delete_after
            data = {"tenant": tenant.slug, "delete_after": None if due is None else due.isoformat()}
            return Told(f"{tenant.slug} is suspended and deleted on {due:%Y-%m-%d %H:%M} UTC. Kept then:{kept}", data)
        removed = delete_now(tenant=tenant, by=by, now=timezone.now())
        rows = sum(removed.values())
        return Told(f"{tenant.slug} is deleted: {rows} rows. Kept:{kept}", {"tenant": tenant.slug, "rows": {**removed}})
