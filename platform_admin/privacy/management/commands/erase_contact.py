"""``manage.py erase_contact``: one customer forgotten in both planes, with the counts as proof."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from platform_admin.commands.awaiting import wait_until_finished
from platform_admin.privacy.actions import ask_to_erase, erase_again, settle_erasure
from platform_admin.privacy.listed import listed_erasures
from platform_admin.privacy.models import Erasure
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.argument_types import moment
from platform_admin.tenants.operator_command import EXIT_REFUSED, EXIT_USAGE, OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug

EXIT_NOT_YET = 3


class Command(OperatorCommand):
    help = (
        "Erase one customer: the runtime removes everything it holds, then the control plane does, and the audit trail "
        "gets a receipt with the counts. Name the customer by the pseudonym the pages show (c-…): it is what the "
        "control plane knows. Exit code 3 when the runtime has not answered in time: the erasure stays asked for and "
        "is finished when the runtime is back; running this again looks at the same one. Exit code 1 when the runtime "
        "failed three times. With --again-since everybody who was erased since then is asked for once more: after a "
        "copy of the runtime's data, or of this database, was restored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("contact", nargs="?", help="the customer's pseudonym")
        parser.add_argument("--channel", default="", help="where the same id exists on several channels")
        parser.add_argument("--wait", type=int, default=60, metavar="SECONDS", help="default 60")
        parser.add_argument(
            "--again-since", type=moment, metavar="WHEN", help="when the copy was made, such as 2026-11-29T04:00+00:00"
        )
        parser.add_argument(
            "--listed", type=Path, metavar="FILE", help="take those in AUDIT_ANCHOR_FILE, or a copy of it, as well"
        )

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant, contact = tenant_by_slug(options["slug"]), options["contact"]
        if (contact is None) == (options["again_since"] is None):
            raise CommandError("Name a customer, or say --again-since.", returncode=EXIT_USAGE)
        if contact is None:
            return self._again(by, options)
        erasure = ask_to_erase(tenant=tenant, contact=contact, channel=options["channel"], by=by)
        if options["dry_run"]:
            return Told(f"Would ask the runtime of {tenant.slug}, then remove what is held here.", _told(erasure))
        if erasure.command is not None and wait_until_finished(erasure.command, seconds=options["wait"]):
            # The report that brought the answer has done this already, unless it was interrupted.
            settle_erasure(erasure.command, now=timezone.now())
        erasure.refresh_from_db()
        match erasure.state:
            case Erasure.State.DONE:
                here = ", ".join(f"{name} {count}" for name, count in erasure.counts.items())
                return Told(f"Runtime: {erasure.runtime_counts}. Here: {here}.", _told(erasure))
            case Erasure.State.FAILED:
                raise CommandError(f"The runtime says: {erasure.detail}", returncode=EXIT_REFUSED)
            case _:
                why = f" It said: {erasure.detail}" if erasure.detail else ""
                return Told(f"The runtime has not done it yet.{why} It stays asked for.", _told(erasure), EXIT_NOT_YET)

    def _again(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant, since, file = tenant_by_slug(options["slug"]), options["again_since"], options["listed"]
        try:
            listed = [] if file is None else listed_erasures(file, slug=tenant.slug, since=since)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.", returncode=EXIT_USAGE) from error
        except ValueError as error:
            raise CommandError(f"{file}: {error} Nobody was asked for.", returncode=EXIT_USAGE) from error
        asked = erase_again(tenant=tenant, since=since, by=by, listed=listed)
        verb = "Would ask" if options["dry_run"] else "Asked"
        text = (
            f"{verb} the runtime of {tenant.slug} for {len(asked)} erasures; the page Privacy shows when they are done."
        )
        return Told(text, {"tenant": tenant.slug, "erasures": [_told(erasure) for erasure in asked]})


def _told(erasure: Erasure) -> dict[str, object]:
    return {
        "erasure": str(erasure.public_id),
        "state": erasure.state,
        "runtime": erasure.runtime_counts,
        "here": erasure.counts,
    }
