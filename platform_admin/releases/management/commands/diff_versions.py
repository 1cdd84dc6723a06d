"""``manage.py diff_versions``: what is different between two versions, or two releases, in sentences."""

from __future__ import annotations

from typing import Any, Final

from django.core.management.base import CommandParser

from platform_admin.changes import Change
from platform_admin.errors import NotThereError
from platform_admin.releases.comparing import changes_between
from platform_admin.releases.kept_versions import Kind, changes_to, draft_to_replace, version_of
from platform_admin.releases.models import Release
from platform_admin.releases.queries import live_release, release_by_serial
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug

RELEASE: Final = "release"


class Command(OperatorCommand):
    help = "Say in sentences what changed from one version to another one, or to the draft; or between two releases."
    changes_something = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("kind", choices=[*map(str, Kind), RELEASE], help="what to compare")
        parser.add_argument("old", type=int, help="number of a version, serial of a release")
        parser.add_argument("new", type=int, nargs="?", help="the other one; without it the draft (the live release)")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant, old, new = tenant_by_slug(options["slug"]), options["old"], options["new"]
        changes = _changes(tenant, options["kind"], old, new)
        lines = [change.in_words() for change in changes] or ["Nothing that people would notice."]
        data = {"old": old, "new": new, "changes": [change.to_json() for change in changes]}
        return Told("\n".join(lines), {"tenant": tenant.slug, "kind": options["kind"], **data})


def _changes(tenant: Tenant, kind: str, old: int, new: int | None) -> tuple[Change, ...]:
    if kind == RELEASE:
        return changes_between(_release(tenant, old), _release(tenant, new))
    what = Kind(kind)
    other = draft_to_replace(tenant, what) if new is None else version_of(tenant, what, new)
    return changes_to(version_of(tenant, what, old), other, what)


def _release(tenant: Tenant, serial: int | None) -> Release:
    wanted = serial
    if wanted is None:
        live = live_release(tenant)
        wanted = 0 if live is None else live.serial
    found = release_by_serial(tenant, wanted)
    if found is None:
        raise NotThereError(f"{tenant.slug} has no release {serial or 'that is live'}.")
    return found
