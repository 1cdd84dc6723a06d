"""``manage.py import_tenant``: a zip from ``export_tenant`` into a tenant's drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from platform_admin.releases.archive import apply_archive, preview, read_archive
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import EXIT_USAGE, OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug


class Command(OperatorCommand):
    help = (
        "Replace a tenant's drafts by those of an archive: all of it or nothing, and nothing is published. "
        "--dry-run lists what would change in the drafts, and whose work would be lost."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("file", type=Path, help="the archive")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        file: Path = options["file"]
        try:
            archive = read_archive(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.", returncode=EXIT_USAGE) from error
        tenant = tenant_by_slug(options["slug"])
        seen = preview(tenant=tenant, archive=archive, by=by)
        apply_archive(tenant=tenant, archive=archive, by=by)
        lines = [change.in_words() for change in seen.changes] or ["Nothing differs from what is written."]
        lines += [lost.in_words() for lost in seen.lost]
        lines += [str(fault) for fault in seen.flow_faults]
        data = {
            "tenant": tenant.slug,
            "changes": [change.to_json() for change in seen.changes],
            "lost": [lost.to_json() for lost in seen.lost],
            "flow_faults": [fault.to_json() for fault in seen.flow_faults],
        }
        return Told("\n".join(lines), data)
