"""``manage.py publish``: everything that is written for a tenant becomes its next release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from flow_engine.language.yaml_reader import ReadingFault, decode
from platform_admin.documents.storable import UNSTORABLE
from platform_admin.errors import HasFaultsError, SecondPersonNeededError
from platform_admin.releases.actions import publish
from platform_admin.releases.models import LONGEST_NOTE
from platform_admin.releases.sources import Sources, SourceText
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.argument_types import short_text
from platform_admin.tenants.operator_command import EXIT_REFUSED, EXIT_USAGE, OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug


class Command(OperatorCommand):
    help = (
        "Check a tenant's flow, knowledge and settings together and publish them as one signed release. "
        "Files given here replace the drafts first. Every fault is printed as file:line:column code message hint; "
        "then nothing is published and the exit code is 1. --dry-run makes every check and publishes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("--flow", type=Path, help="conversation (YAML)")
        parser.add_argument("--knowledge", type=Path, help="FAQ document (Markdown)")
        parser.add_argument(
            "--settings-file", type=Path, help="channels, connectors, llm, sentences and business (YAML or JSON)"
        )
        parser.add_argument("--note", type=short_text(LONGEST_NOTE), default="", help="what this release is about")
        parser.add_argument(
            "--without-second-person",
            action="store_true",
            help="publish alone where releases need two people; the audit trail says so",
        )

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        slug = options["slug"]
        tenant = tenant_by_slug(slug)
        if tenant.needs_second_person and not options["without_second_person"]:
            raise SecondPersonNeededError(
                f"Releases of {slug} need two people: one proposes on the page Publish, another one approves. "
                "In an emergency: --without-second-person, which the audit trail keeps. Nothing was published."
            )
        try:
            release = publish(
                tenant=tenant,
                by=by,
                sources=Sources(
                    flow=_source(options["flow"]),
                    knowledge=_text(options["knowledge"]),
                    settings=_source(options["settings_file"]),
                ),
                note=options["note"],
            )
        except HasFaultsError as error:
            self._print_faults(error, as_json=options["json"])
            raise CommandError(error.message, returncode=EXIT_REFUSED) from error
        verb = "Would publish" if options["dry_run"] else "Published"
        data = {"tenant": slug, "serial": release.serial, "digest": release.digest}
        return Told(f"{verb} {slug} as release {release.serial}.", data)

    def _print_faults(self, error: HasFaultsError, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"faults": [fault.to_json() for fault in error.faults]}))
            return
        for fault in error.faults:
            self.stderr.write(str(fault), self.style.NOTICE)


def _source(path: Path | None) -> SourceText | None:
    text = _text(path)
    return None if path is None or text is None else SourceText(text, str(path))


def _text(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.", returncode=EXIT_USAGE) from error
    if isinstance(text, ReadingFault):
        raise CommandError(f"{path}:1:1 {text.code} {text.message} {text.hint}", returncode=EXIT_REFUSED)
    if odd := UNSTORABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        what = f"{path}:{line}: The character U+{ord(odd[0]):04X} cannot be stored. Delete it."
        raise CommandError(what, returncode=EXIT_USAGE)
    return text
