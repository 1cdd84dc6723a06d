"""``manage.py credential_uses``: who had a tenant's secrets opened, what for, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.core.management.base import CommandParser
from django.utils import timezone

from platform_admin.credentials.models import USES_KEPT_DAYS
from platform_admin.credentials.queries import uses_of
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.argument_types import TEN_YEARS_DAYS, whole_number
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug

MOST: Final = 1_000
"""Lines at once; --days and --field say which."""


class Command(OperatorCommand):
    help = (
        "The use log of a tenant's credentials, the newest line first: who had which one opened, and what for. "
        f"A line a day for the same use, kept for {USES_KEPT_DAYS} days. Never a value."
    )
    changes_something = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("--field", default="", help="only this one, such as channels.0.access_token")
        parser.add_argument(
            "--days",
            type=whole_number(1, TEN_YEARS_DAYS),
            default=USES_KEPT_DAYS,
            help="only the last days (default: all)",
        )

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant = tenant_by_slug(options["slug"])
        since = timezone.now() - timedelta(days=options["days"])
        uses = uses_of(tenant, field=options["field"]).filter(at__gte=since)[:MOST]
        lines = [
            f"{use.at:%Y-%m-%d %H:%M} {use.field:<32} {use.who}: {use.purpose} {use.about}".rstrip() for use in uses
        ]
        data = [
            {"field": use.field, "purpose": use.purpose, "about": use.about, "who": use.who, "at": use.at.isoformat()}
            for use in uses
        ]
        told = "\n".join(lines) or "No credential was used in these days."
        return Told(told, {"tenant": tenant.slug, "kept_days": USES_KEPT_DAYS, "uses": [*data]})
