"""``manage.py bootstrap``: the first operator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from platform_admin.errors import ControlPlaneError
from platform_admin.tenants.actions import create_first_operator
from platform_admin.tenants.actor import CommandActor


class Command(BaseCommand):
    help = "Create the platform's first operator. Refuses when there is one already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True, help="the operator's address, used to sign in")
        parser.add_argument(
            "--password-file", type=Path, help="read the password from here; otherwise a random one is printed once"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        given = _password(options["password_file"])
        try:
            user, password = create_first_operator(email=options["email"], password=given, by=CommandActor("bootstrap"))
        except ControlPlaneError as error:
            raise CommandError(error.message) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        shown = {} if given else {"password": password}
        if options["json"]:
            self.stdout.write(json.dumps({"email": user.email, **shown}))
            return
        self.stdout.write(f"Operator {user.email} created.")
        if shown:
            self.stdout.write(f"Password (shown this once): {password}")


def _password(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        password = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise CommandError(f"The password file cannot be read: {error.strerror}.") from error
    if not password:
        raise CommandError("The password file is empty.")
    return password
