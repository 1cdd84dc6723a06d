"""``manage.py recover_account``: for somebody who is locked out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from platform_admin.errors import NotThereError
from platform_admin.people.actions.accounts import set_up_link
from platform_admin.people.actions.second_factor import reset
from platform_admin.people.doors import CODE, SIGN_IN_ACCOUNT, forget_name
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import User
from platform_admin.tenants.operator_command import OperatorCommand, Told


class Command(OperatorCommand):
    help = (
        "Print a link, good once and for a day, with which a person sets a new password. Doors that too many attempts "
        "closed are open again. --second-factor also removes their second factor: ask for it in person, not by mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email", help="the person's address")
        parser.add_argument("--second-factor", action="store_true", help="phone and recovery codes are lost, too")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        email, now = options["email"].strip().lower(), timezone.now()
        user = User.objects.filter(email=email, is_active=True).first()
        if user is None:
            raise NotThereError(f"Nobody active has the address {email}.")
        if options["second_factor"]:
            reset(user=user, by=by, now=now)
        for door in (SIGN_IN_ACCOUNT, CODE):
            forget_name(door, user.email)
        link = set_up_link(user=user, by=by, now=now)
        removed = " The second factor is removed." if options["second_factor"] else ""
        data: dict[str, object] = {"email": user.email, "second_factor_removed": options["second_factor"]}
        if options["dry_run"]:
            return Told(f"Would print a link for {user.email}.{removed}", data)
        return Told(f"A new password for {user.email}:{removed}\n\n  {link}", {**data, "link": link})
