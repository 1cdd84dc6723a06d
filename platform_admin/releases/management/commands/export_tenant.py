"""``manage.py export_tenant``: a tenant's texts as one zip, without secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from platform_admin.releases.archive import export_tenant
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import EXIT_USAGE, OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug


class Command(OperatorCommand):
    help = "Write a tenant's conversations, tests, FAQ, business settings and settings into a zip. Never a secret."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("file", type=Path, help="the zip to write; one that is there is not overwritten")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        file: Path = options["file"]
        content = export_tenant(tenant=tenant_by_slug(options["slug"]), by=by)
        if not options["dry_run"]:
            try:
                with file.open("xb") as stream:
                    stream.write(content)
            except OSError as error:
                raise CommandError(f"{file}: {error.strerror}.", returncode=EXIT_USAGE) from error
        return Told(f"{len(content)} bytes in {file}.", {"file": str(file), "bytes": len(content)})
