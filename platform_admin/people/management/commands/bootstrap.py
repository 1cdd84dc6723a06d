"""``manage.py bootstrap``: the first operator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from platform_admin.people.actions.accounts import create_first_operator, set_up_link
from platform_admin.people.actions.links import LIVES
from platform_admin.people.models import OneTimeLink
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import EXIT_USAGE, OperatorCommand, Told


class Command(OperatorCommand):
    help = (
        "Create the platform's first operator and print a link, good once and for a day, that sets the password and "
        "leads on to the second factor. Run again for the same address it prints another link, as long as no password "
        "is set. Refuses when there is another operator already."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--email", required=True, help="the operator's address, used to sign in")
        parser.add_argument("--password-file", type=Path, help="set the password from here instead of printing a link")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        given = _password(options["password_file"])
        user = create_first_operator(email=options["email"], password=given, by=by)
        if given:
            return Told(f"Operator {user.email} created.", {"email": user.email})
        now = timezone.now()
        link = set_up_link(user=user, by=by, now=now)
        ends = now + LIVES[OneTimeLink.Purpose.SET_UP]
        if options["dry_run"]:
            return Told(f"Would create the operator {user.email} and print a link.", {"email": user.email})
        text = f"Operator {user.email} created. Open this link within a day to set the password:\n\n  {link}"
        return Told(text, {"email": user.email, "link": link, "link_ends": ends.isoformat(timespec="seconds")})


def _password(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        password = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        reason = f"The password file cannot be read: {error.strerror}."
        raise CommandError(reason, returncode=EXIT_USAGE) from error
    except UnicodeDecodeError as error:
        raise CommandError("The password file is not text in UTF-8.", returncode=EXIT_USAGE) from error
    if not password:
        raise CommandError("The password file is empty.", returncode=EXIT_USAGE)
    return password
