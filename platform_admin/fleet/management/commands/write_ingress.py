"""``manage.py write_ingress``: the ingress's configuration as a file, where no orchestrator tells it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from platform_admin.errors import ConflictError
from platform_admin.fleet.caddy.configuration import IngressConfiguration, caddy_document
from platform_admin.fleet.environment import fleet_environment
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug


class Command(OperatorCommand):
    help = (
        "Write Caddy's configuration for runtimes at known addresses (deploy/compose.yaml); an orchestrator does it by "
        "itself. Host names and certificates come from the environment (INGRESS_…, docs/operations.md)."
    )
    changes_something = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("output", type=Path)
        parser.add_argument("--route", action="append", default=[], metavar="TENANT=HOST:PORT")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        routes = dict(_route(text) for text in options["route"])
        try:
            ingress = IngressConfiguration.from_environment(fleet_environment())
        except ValueError as error:
            raise ConflictError(str(error)) from error
        output: Path = options["output"]
        unfinished = output.with_name(f"{output.name}.unfinished")
        unfinished.write_text(json.dumps(caddy_document(routes, ingress), indent=2) + "\n")
        unfinished.replace(output)
        tenants = sorted({*ingress.fixed_routes, *routes})
        return Told(f"{output}: {len(tenants)} tenants", {"output": str(output), "tenants": tenants})


def _route(text: str) -> tuple[str, str]:
    slug, separator, address = text.partition("=")
    if not separator or ":" not in address:
        raise ConflictError(f"{text!r} is no route; write TENANT=HOST:PORT.")
    return tenant_by_slug(slug).slug, address
