"""``manage.py revert_version``: an earlier version of a conversation, an FAQ or hours, back in the draft."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from platform_admin.releases.kept_versions import Kind, changes_to, draft_to_replace, lost_by, take_back, version_of
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug


class Command(OperatorCommand):
    help = (
        "Make the draft of a tenant's conversation, FAQ or hours what a version says, and list what that changes. "
        "Nothing is published. Work in the draft that no version holds is lost; --dry-run says whose."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("kind", choices=[*map(str, Kind)], help="what to take back")
        parser.add_argument("number", type=int, help="the version")
        parser.add_argument("--over-revision", type=int, help="refuse unless the draft is still this revision")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant, kind = tenant_by_slug(options["slug"]), Kind(options["kind"])
        version = version_of(tenant, kind, options["number"])
        changes, lost = changes_to(draft_to_replace(tenant, kind), version, kind), tuple(lost_by(version))
        take_back(version=version, by=by, over_revision=options["over_revision"])
        lines = [change.in_words() for change in changes] or ["Nothing that people would notice."]
        data = {
            "tenant": tenant.slug,
            "kind": str(kind),
            "number": version.number,
            "changes": [change.to_json() for change in changes],
            "lost": [one.to_json() for one in lost],
        }
        return Told("\n".join([*lines, *(one.in_words() for one in lost)]), data)
