"""``manage.py sync_templates``: fetch the message templates of WhatsApp accounts."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from platform_admin.errors import ControlPlaneError
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.queries import tenant_by_slug
from platform_admin.whatsapp.template_sync import SyncResult, sync_all_templates, sync_templates

_EXIT_FAULTS = 1
_EXIT_USAGE = 2
_BY: Final = CommandActor("sync_templates")


class Command(BaseCommand):
    help = (
        "Fetch the message templates of a tenant's WhatsApp accounts (waba_id in its settings), or of all tenants. "
        "The next release carries them; steps that send one that cannot be relied on are not published. "
        "Exit code 1 when an account could not be asked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("slug", nargs="?", help="the tenant")
        whose.add_argument("--all", action="store_true", help="every tenant")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            results = (
                sync_all_templates(by=_BY, now=now)
                if options["all"]
                else sync_templates(tenant=tenant_by_slug(options["slug"]), by=_BY, now=now)
            )
        except ControlPlaneError as error:
            raise CommandError(error.message, returncode=_EXIT_USAGE) from error
        if options["json"]:
            self.stdout.write(json.dumps([asdict(result) for result in results]))
        else:
            self._print(results)
        if faults := [result for result in results if result.fault]:
            raise CommandError(f"{len(faults)} of {len(results)} accounts could not be asked.", returncode=_EXIT_FAULTS)

    def _print(self, results: list[SyncResult]) -> None:
        if not results:
            self.stdout.write("No channel names its WhatsApp account; set waba_id in the settings.")
        for result in results:
            told = result.fault or f"{result.templates} templates"
            unusable = f"; not usable: {', '.join(result.unusable)}" if result.unusable else ""
            self.stdout.write(f"{result.tenant} {result.waba_id}: {told}{unusable}")
