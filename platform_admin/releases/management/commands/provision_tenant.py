"""``manage.py provision_tenant``: a new business and the files its runtime starts with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from platform_admin.releases.provisioning import RuntimeSecrets, provision
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import OperatorCommand, Told

_OWNER_ONLY = 0o600


class Command(OperatorCommand):
    help = (
        "Create a tenant with its own encryption key and a token for its runtime. "
        "With --output-dir the three files a runtime needs are written there, readable by their owner only; "
        "without it the token is printed once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="small letters, digits and single hyphens; it never changes")
        parser.add_argument("--name", required=True, help="what customers call the business")
        parser.add_argument("--language", default="en", help="language of the canned sentences (default: en)")
        parser.add_argument("--timezone", default="UTC", help="IANA name such as Europe/Madrid (default: UTC)")
        parser.add_argument("--channel", choices=["http_dev"], help="set up this channel at once")
        parser.add_argument("--output-dir", type=Path, help="where the runtime's files go; created if missing")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        directory: Path | None = options["output_dir"]
        chosen = {name: options[name] for name in ("slug", "name", "language", "timezone", "channel")}
        try:
            with transaction.atomic():
                tenant, runtime_secrets = provision(**chosen, by=by)
                # Inside the transaction: a tenant whose files could not be written would have lost its token.
                if directory is not None and not options["dry_run"]:
                    _write_files(directory, runtime_secrets.files())
        except ValidationError as error:
            faults = (f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
            raise CommandError("; ".join(faults)) from error
        if options["dry_run"]:
            return Told(f"Would create {tenant.slug}.", {"tenant": tenant.slug})
        return _told(tenant.slug, runtime_secrets, directory)


def _told(slug: str, runtime_secrets: RuntimeSecrets, directory: Path | None) -> Told:
    """The token itself only where no file has it."""
    if directory is None:
        text = f"Created {slug}. Runtime token (shown this once): {runtime_secrets.token}"
        return Told(text, {"tenant": slug, "files": {}, "runtime_token": runtime_secrets.token})
    files = {name: str(directory / name) for name in runtime_secrets.files()}
    return Told(
        f"Created {slug}. The runtime's files are in {directory}: {', '.join(files)}.", {"tenant": slug, "files": files}
    )


def _write_files(directory: Path, files: Mapping[str, str]) -> None:
    """All of them or none. Files that are there belong to some tenant's runtime and are never overwritten."""
    written: list[Path] = []
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in files.items():
            descriptor = os.open(directory / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
            written.append(directory / name)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(content)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            reason = f"{error.filename} is there already and may be another runtime's. Choose an empty folder."
        else:
            reason = f"{error.filename or directory} could not be written: {error.strerror}."
        raise CommandError(f"Nothing was created: {reason}") from error
