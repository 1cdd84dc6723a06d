"""``manage.py rollback``: the content of an older release, live again at once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from platform_admin.errors import NotThereError
from platform_admin.releases.actions import rollback
from platform_admin.releases.models import LONGEST_NOTE
from platform_admin.releases.queries import live_release, release_before
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.argument_types import short_text
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug


class Command(OperatorCommand):
    help = "Publish the content of an older release again, under the next serial. Without --to: the one before live."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("--to", type=int, metavar="SERIAL", help="the release to go back to")
        parser.add_argument(
            "--note", type=short_text(LONGEST_NOTE), default="", help="why; shown in the list of releases"
        )

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant = tenant_by_slug(options["slug"])
        serial = options["to"]
        if serial is None:
            live = live_release(tenant)
            before = None if live is None else release_before(live)
            if before is None:
                raise NotThereError(f"{tenant.slug} has no release to go back to.")
            serial = before.serial
        release = rollback(tenant=tenant, to_serial=serial, by=by, note=options["note"])
        text = f"Release {release.serial} of {tenant.slug} has the content of release {serial}."
        return Told(text, {"tenant": tenant.slug, "serial": release.serial, "content_of": serial})
