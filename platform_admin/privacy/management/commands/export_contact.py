"""``manage.py export_contact``: everything that is held about one customer, as one zip from the runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from platform_admin.commands.actions import queue_command
from platform_admin.commands.awaiting import wait_until_finished
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.queries import export_of
from platform_admin.privacy.export_document import whole_archive
from platform_admin.privacy.exports import opened
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import EXIT_REFUSED, EXIT_USAGE, OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug

EXIT_NOT_YET = 3


class Command(OperatorCommand):
    help = (
        "Ask a tenant's runtime for everything it holds about one customer (id, or pseudonym as the pages show it), "
        "add what the control plane holds under the pseudonym, and write one zip. Exit code 3 when the runtime has not "
        "answered in time; it will, and the archive is kept, sealed, for two days (policies.retention.exports_days): "
        "run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("contact", help="the customer")
        parser.add_argument("file", type=Path, help="the zip to write; one that is there is not overwritten")
        parser.add_argument("--channel", default="", help="where the same id exists on several channels")
        parser.add_argument("--wait", type=int, default=60, metavar="SECONDS", help="default 60")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant, file = tenant_by_slug(options["slug"]), options["file"]
        if file.exists() or not file.parent.is_dir():
            # Before the runtime is asked: what it hands in would lie here unfetched.
            why = "It is there already." if file.exists() else "Its folder is not there."
            raise CommandError(f"{file}: {why} Nobody was asked.", returncode=EXIT_USAGE)
        payload = {"contact": options["contact"], **({"channel": options["channel"]} if options["channel"] else {})}
        command = queue_command(tenant=tenant, kind=CommandKind.EXPORT_CONTACT, payload=payload, by=by)
        if options["dry_run"]:
            return Told(f"Would ask the runtime of {tenant.slug}.", {"tenant": tenant.slug})
        if not wait_until_finished(command, seconds=options["wait"]):
            return Told("The runtime has not answered yet.", {"command": str(command.public_id)}, EXIT_NOT_YET)
        export = export_of(tenant, command.public_id, now=timezone.now())
        if command.state != command.State.DONE or export is None:
            said = (command.detail or command.state).removesuffix(".")
            raise CommandError(f"The runtime says: {said}.", returncode=EXIT_REFUSED)
        content = whole_archive(tenant=tenant, contact=options["contact"], archive=opened(export))
        try:
            with file.open("xb") as stream:
                stream.write(content)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.", returncode=EXIT_USAGE) from error
        return Told(f"{len(content)} bytes in {file}.", {"file": str(file), "runtime_sha256": export.sha256})
