"""``manage.py set_credential``: put one secret in. It comes by standard input, never by the command line."""

from __future__ import annotations

import sys
from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from platform_admin.credentials.actions import set_credential
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import EXIT_USAGE, OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug


class Command(OperatorCommand):
    help = (
        "Store or replace one of a tenant's secrets. The value is read from standard input, so that it shows "
        "neither in the process list nor in the shell's history: "
        'printf %s "$TOKEN" | manage.py set_credential luna channels.0.access_token'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("field", help="where the secret belongs, such as channels.0.access_token")
        parser.add_argument(
            "--expires-on", type=date.fromisoformat, metavar="YYYY-MM-DD", help="when its provider ends it, if it does"
        )

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        try:
            value = sys.stdin.read().strip()
            value.encode()  # Python may have let bytes through that are none of UTF-8
        except UnicodeError as error:
            what = "What came by standard input is not text in UTF-8; nothing was changed."
            raise CommandError(what, returncode=EXIT_USAGE) from error
        if not value:
            raise CommandError("Nothing came by standard input; nothing was changed.", returncode=EXIT_USAGE)
        credential = set_credential(
            tenant=tenant_by_slug(options["slug"]),
            field=options["field"],
            value=value,
            by=by,
            expires_on=options["expires_on"],
        )
        ends = None if credential.expires_on is None else credential.expires_on.isoformat()
        data = {"tenant": options["slug"], "field": credential.field, "expires_on": ends}
        return Told(f"Stored {credential.field} of {options['slug']}. The next release carries it.", data)
