"""``manage.py provision_tenant``: a new business and the files its runtime starts with."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from platform_admin.errors import ControlPlaneError
from platform_admin.releases.provisioning import RuntimeSecrets, provision
from platform_admin.tenants.actor import CommandActor

_OWNER_ONLY = 0o600


class Command(BaseCommand):
    help = (
        "Create a tenant with its own encryption key and a token for its runtime. "
        "With --output-dir the three files a runtime needs are written there, readable by their owner only; "
        "without it the token is printed once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="small letters, digits and single hyphens; it never changes")
        parser.add_argument("--name", required=True, help="what customers call the business")
        parser.add_argument("--language", default="en", help="language of the canned sentences (default: en)")
        parser.add_argument("--timezone", default="UTC", help="IANA name such as Europe/Madrid (default: UTC)")
        parser.add_argument("--channel", choices=["http_dev"], help="set up this channel at once")
        parser.add_argument("--output-dir", type=Path, help="where the runtime's files go; created if missing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        directory: Path | None = options["output_dir"]
        try:
            with transaction.atomic():
                tenant, runtime_secrets = provision(
                    slug=options["slug"],
                    name=options["name"],
                    language=options["language"],
                    timezone=options["timezone"],
                    channel=options["channel"],
                    by=CommandActor("provision_tenant"),
                )
                # Inside the transaction: a tenant whose files could not be written would have lost its token.
                if directory is not None:
                    _write_files(directory, runtime_secrets.files())
        except ControlPlaneError as error:
            raise CommandError(error.message) from error
        except ValidationError as error:
            faults = (f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
            raise CommandError("; ".join(faults)) from error
        self._report(tenant.slug, runtime_secrets, directory, as_json=options["json"])

    def _report(self, slug: str, runtime_secrets: RuntimeSecrets, directory: Path | None, *, as_json: bool) -> None:
        names = list(runtime_secrets.files())
        if as_json:
            files = {name: str(directory / name) for name in names} if directory else {}
            token = {} if directory else {"runtime_token": runtime_secrets.token}
            self.stdout.write(json.dumps({"tenant": slug, "files": files, **token}))
        elif directory:
            self.stdout.write(f"Created {slug}. The runtime's files are in {directory}: {', '.join(names)}.")
        else:
            self.stdout.write(f"Created {slug}. Runtime token (shown this once): {runtime_secrets.token}")


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
