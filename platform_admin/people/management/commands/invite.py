"""``manage.py invite``: ask somebody to join a tenant."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from platform_admin.people.actions.invitations import invitation_to_send, invite
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Role
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug


class Command(OperatorCommand):
    help = (
        "Invite a person into a tenant by e-mail, good once and for seven days. --print-link prints the link instead, "
        "to be handed over by other means. An open invitation for the address is replaced."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("email", help="the person's address")
        parser.add_argument("--role", choices=[str(role) for role in Role], default=str(Role.OWNER))
        parser.add_argument("--print-link", action="store_true", help="print the link, send nothing")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant, role, now = tenant_by_slug(options["slug"]), Role(options["role"]), timezone.now()
        by_mail = not options["print_link"]
        row = invite(tenant=tenant, email=options["email"], role=role, by=by, now=now, by_mail=by_mail)
        data: dict[str, object] = {"tenant": tenant.slug, "email": row.email, "role": str(role)}
        data["expires_at"] = row.expires_at.isoformat(timespec="seconds")
        found = None if by_mail or options["dry_run"] else invitation_to_send(pk=row.pk, now=now)
        if found is None:
            return Told(f"An invitation for {row.email} as {role.label.lower()} is on its way.", data)
        _, link = found
        return Told(f"Invitation for {row.email} as {role.label.lower()}:\n\n  {link}", {**data, "link": link})
