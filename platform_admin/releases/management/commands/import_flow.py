"""``manage.py import_flow``: a conversation from files into a tenant's draft. Nothing is published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from flow_engine.diagnostics import Severity
from flow_engine.language import read_flow
from flow_engine.language.yaml_reader import ReadingFault, decode
from flow_engine.validation.surroundings import Surroundings
from platform_admin.credentials.queries import credential_fields
from platform_admin.documents.storable import UNSTORABLE
from platform_admin.flows import actions as flows
from platform_admin.flows.models import Flow
from platform_admin.releases.callable_operations import surroundings_of
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.operator_command import EXIT_USAGE, OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug

EXIT_FAULTS = 3


class Command(OperatorCommand):
    help = (
        "Put a conversation (YAML), and its tests, into a tenant's draft. A text with faults is kept and they are "
        "listed; then the exit code is 3. Nothing is published."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", help="the tenant")
        parser.add_argument("file", type=Path, help="the conversation")
        parser.add_argument("--name", default="main", help="which of the tenant's conversations (default: main)")
        parser.add_argument("--cases", type=Path, metavar="FOLDER", help="its tests: *.yaml in it and one folder below")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant, text = tenant_by_slug(options["slug"]), _text(options["file"])
        cases = _cases(options["cases"])
        # What this tenant's flow can call, as the editor and the gate check it.
        against = surroundings_of(settings_of(tenant).document, credential_fields(tenant))
        flow = _store(tenant=tenant, name=options["name"], text=text, cases=cases, against=against, by=by)
        faults = read_flow(text, file=str(options["file"]), surroundings=against).diagnostics
        errors = [fault for fault in faults if fault.severity is Severity.ERROR]
        said = [*map(str, faults), f"Draft of {flow.name} saved with {len(cases)} tests and {len(errors)} faults."]
        data = {"flow": flow.name, "cases": len(cases), "faults": [fault.to_json() for fault in faults]}
        return Told("\n".join(said), data, EXIT_FAULTS if errors else 0)


@transaction.atomic
def _store(
    *, tenant: Tenant, name: str, text: str, cases: Mapping[str, str], against: Surroundings, by: CommandActor
) -> Flow:
    """The draft and its tests: all of it or nothing."""
    flow = Flow.objects.for_tenant(tenant).filter(name=name).first()
    flow = flow or flows.create_flow(tenant=tenant, name=name, by=by)
    flows.save_draft(flow=flow, text=text, by=by, against=against)
    for case_name, case in cases.items():
        flows.save_case(flow=flow, name=case_name, text=case, by=by)
    return flow


def _cases(folder: Path | None) -> dict[str, str]:
    if folder is None:
        return {}
    if not folder.is_dir():
        raise CommandError(f"{folder}: This is no folder.", returncode=EXIT_USAGE)
    files = sorted({*folder.glob("*.yaml"), *folder.glob("*/*.yaml")})
    return {file.relative_to(folder).as_posix(): _text(file) for file in files}


def _text(file: Path) -> str:
    try:
        text = decode(file.read_bytes())
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}.", returncode=EXIT_USAGE) from error
    if isinstance(text, ReadingFault):
        raise CommandError(f"{file}:1:1 {text.code} {text.message} {text.hint}", returncode=EXIT_USAGE)
    if odd := UNSTORABLE.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        what = f"{file}:{line}: The character U+{ord(odd[0]):04X} cannot be stored. Delete it."
        raise CommandError(what, returncode=EXIT_USAGE)
    return text
