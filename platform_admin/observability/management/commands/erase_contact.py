"""``manage.py erase_contact``: one customer forgotten in both planes, with the counts as proof."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from platform_admin.commands.actions import queue_command
from platform_admin.commands.awaiting import wait_until_finished
from platform_admin.commands.kinds import CommandKind
from platform_admin.observability.actions import forget_contact
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug

EXIT_NOT_YET = 3


class Command(OperatorCommand):
    help = (
        "Erase one customer: the runtime removes everything it holds, then the control plane does. Name the customer "
        "by the pseudonym the pages show (c-…): it is what the control plane knows. Exit code 3 when the runtime has "
        "not answered in time; then nothing was removed here, and running it again goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("contact", help="the customer's pseudonym")
        parser.add_argument("--channel", default="", help="where the same id exists on several channels")
        parser.add_argument("--wait", type=int, default=60, metavar="SECONDS", help="default 60")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant, contact = tenant_by_slug(options["slug"]), options["contact"]
        payload = {"contact": contact, **({"channel": options["channel"]} if options["channel"] else {})}
        command = queue_command(tenant=tenant, kind=CommandKind.ERASE_CONTACT, payload=payload, by=by)
        if not options["dry_run"]:
            if not wait_until_finished(command, seconds=options["wait"]):
                return Told("The runtime has not answered yet.", {"command": str(command.public_id)}, EXIT_NOT_YET)
            if command.state != command.State.DONE:
                raise CommandError(f"The runtime says: {command.detail or command.state}.")
        # After the runtime: until then it may still report a turn of theirs.
        removed = forget_contact(tenant=tenant, contact=contact, by=by)
        here = ", ".join(f"{name} {count}" for name, count in removed.items())
        return Told(f"Runtime: {command.result}. Here: {here}.", {"runtime": command.result, "here": removed})
