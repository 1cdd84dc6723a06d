"""``manage.py suspend_tenant``: the bot falls silent, nothing is lost."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.lifecycle import resume, suspend
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug


class Command(OperatorCommand):
    help = "Suspend a tenant: its runtime stores what customers write and answers nothing. --resume takes it up again."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("--resume", action="store_true", help="answer again; also ends an asked-for deletion")
        parser.add_argument("--reason", default="", help="why, for the audit trail")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant = tenant_by_slug(options["slug"])
        if options["resume"]:
            resume(tenant=tenant, by=by)
            text = f"{tenant.slug} answers again from its runtime's next report on."
        else:
            suspend(tenant=tenant, by=by, reason=options["reason"])
            text = f"{tenant.slug} is suspended from its runtime's next report on."
        return Told(text, {"tenant": tenant.slug, "status": tenant.status})
