"""``manage.py rotate_tenant_key``: another key for one tenant's secrets, a step at each run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from platform_admin.credentials.queries import tenant_fernet_keys
from platform_admin.fleet.tenant_key_rotation import KeyRotation, Step, rotate_tenant_key
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug

EXIT_WAITS = 3
_OWNER_ONLY = 0o600


class Command(OperatorCommand):
    help = (
        "Give a tenant's secrets another key. Run it until it says done: first a new key is handed to the runtime "
        "beside the old one, then the live release goes out again with secrets under it, and once the runtime has "
        "reported that release the old key is dropped. What was stopped goes on where it was. Exit code 3 while "
        "something has to happen first; it is said what."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument(
            "--handed-out", action="store_true", help="a runtime that the fleet does not run has the keys file"
        )
        parser.add_argument(
            "--retire", action="store_true", help="all steps now, and drop the old key whatever the runtime has"
        )
        parser.add_argument(
            "--output-file", type=Path, help="write the keys file as it is now here, for its owner only"
        )

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant, file = tenant_by_slug(options["slug"]), options["output_file"]
        with transaction.atomic():
            done = rotate_tenant_key(
                tenant=tenant,
                by=by,
                now=timezone.now(),
                handed_out=options["handed_out"],
                retire=options["retire"],
            )
            # Inside the transaction: a key that nobody was given must not encrypt.
            if file is not None and not options["dry_run"]:
                _write(file, tenant)
        return _told(tenant, done, file)


def _told(tenant: Tenant, done: KeyRotation, file: Path | None) -> Told:
    match done.step:
        case Step.PREPARED:
            text = f"{tenant.slug} has a new key, handed out beside the old one."
        case Step.ISSUED:
            text = f"Release {done.serial} has the secrets of {tenant.slug} under the new key."
        case Step.DONE:
            text = f"Done: the old key of {tenant.slug} is dropped."
    lines = [text, *([f"Waits for {done.waits_for}. Then run this again."] if done.waits_for else [])]
    lines += [] if file is None else [f"The keys file is {file}."]
    data = {
        "tenant": tenant.slug,
        "step": str(done.step),
        "moved": done.moved,
        "serial": done.serial,
        "waits_for": done.waits_for,
        "file": None if file is None else str(file),
    }
    return Told("\n".join(lines), data, 0 if done.moved else EXIT_WAITS)


def _write(file: Path, tenant: Tenant) -> None:
    """Whole or not at all, and never readable by others: a runtime may read the file at any moment."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w") as opened:
            opened.writelines(f"{key}\n" for key in tenant_fernet_keys(tenant))
        unfinished.replace(file)
    except OSError as error:
        raise CommandError(f"Nothing was changed: {file} cannot be written: {error.strerror}.") from error
