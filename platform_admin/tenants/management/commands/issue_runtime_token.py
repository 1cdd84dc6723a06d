"""``manage.py issue_runtime_token``: a fresh token for a tenant's runtime, and an end for the ones before it."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from platform_admin.errors import ControlPlaneError
from platform_admin.tenants.actions import IssuedToken, issue_runtime_token
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.argument_types import TEN_YEARS_DAYS, short_text, whole_number
from platform_admin.tenants.models import LONGEST_LABEL, Scope
from platform_admin.tenants.queries import tenant_by_slug

_OWNER_ONLY = 0o600

_LONGEST_HOURS = 24 * 365
"""A year: a token that lives on for longer was not retired."""


class Command(BaseCommand):
    help = (
        "Issue a token for a tenant's runtime. The runtime reads its token file at every request, so rotation is: "
        "issue with --output-file and --retire-others-after, put the file in the place of the old one, done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the tenant")
        parser.add_argument(
            "--scope", action="append", choices=[str(scope) for scope in Scope], help="open only this; may be repeated"
        )
        parser.add_argument(
            "--label", type=short_text(LONGEST_LABEL), default="", help="what it is for, shown in lists"
        )
        parser.add_argument(
            "--expires-in-days",
            type=whole_number(1, TEN_YEARS_DAYS),
            metavar="DAYS",
            help="ends by itself; default: never",
        )
        parser.add_argument(
            "--retire-others-after",
            type=whole_number(0, _LONGEST_HOURS),
            metavar="HOURS",
            help="end the other tokens of the same scopes then",
        )
        parser.add_argument("--output-file", type=Path, help="write it here, for its owner only; else it is printed")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                issued = self._issue(options)
                if options["dry_run"]:
                    transaction.set_rollback(True)
                elif options["output_file"]:
                    # Inside the transaction: a token nobody has must not end the others.
                    _write(options["output_file"], issued.clear)
        except ControlPlaneError as error:
            raise CommandError(error.message) from error
        except OSError as error:
            raise CommandError(f"Nothing was issued: {error.filename} cannot be written: {error.strerror}.") from error
        self._report(issued, options)

    def _issue(self, options: dict[str, Any]) -> IssuedToken:
        now, days, hours = timezone.now(), options["expires_in_days"], options["retire_others_after"]
        return issue_runtime_token(
            tenant=tenant_by_slug(options["slug"]),
            by=CommandActor("issue_runtime_token"),
            label=options["label"],
            scopes=tuple(map(Scope, options["scope"] or list(Scope))),
            expires_at=None if days is None else now + timedelta(days=days),
            others_end_at=None if hours is None else now + timedelta(hours=hours),
        )

    def _report(self, issued: IssuedToken, options: dict[str, Any]) -> None:
        path, dry = options["output_file"], options["dry_run"]
        if options["json"]:
            shown = {} if path or dry else {"runtime_token": issued.clear}
            row = {"tenant": options["slug"], "scopes": issued.row.scopes, "dry_run": dry}
            self.stdout.write(json.dumps({**row, "file": str(path) if path else None, **shown}))
        elif dry:
            self.stdout.write(f"Would issue a token for {options['slug']}. Nothing was changed.")
        elif path:
            self.stdout.write(f"Issued {issued.row.prefix}… for {options['slug']}; it is in {path}.")
        else:
            self.stdout.write(f"Runtime token (shown this once): {issued.clear}")


def _write(path: Path, token: str) -> None:
    """Whole or not at all, and never readable by others: a runtime may read the file at any moment."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w") as file:
        file.write(f"{token}\n")
    unfinished.replace(path)
