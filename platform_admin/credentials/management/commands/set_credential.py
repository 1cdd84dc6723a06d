"""``manage.py set_credential``: put one secret in. It comes by standard input, never by the command line."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_admin.credentials.actions import set_credential
from platform_admin.errors import ControlPlaneError
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.queries import tenant_by_slug

_EXIT_USAGE = 2


class Command(BaseCommand):
    help = (
        "Store or replace one of a tenant's secrets. The value is read from standard input, so that it shows "
        "neither in the process list nor in the shell's history: "
        'printf %s "$TOKEN" | manage.py set_credential luna channels.0.access_token'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("field", help="where the secret belongs, such as channels.0.access_token")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        value = sys.stdin.read().strip()
        if not value:
            raise CommandError("Nothing came by standard input; nothing was changed.", returncode=_EXIT_USAGE)
        try:
            credential = set_credential(
                tenant=tenant_by_slug(options["slug"]),
                field=options["field"],
                value=value,
                by=CommandActor("set_credential"),
            )
        except ControlPlaneError as error:
            raise CommandError(error.message) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=_EXIT_USAGE) from error
        if options["json"]:
            self.stdout.write(json.dumps({"tenant": options["slug"], "field": credential.field}))
        else:
            self.stdout.write(f"Stored {credential.field} of {options['slug']}. The next release carries it.")
