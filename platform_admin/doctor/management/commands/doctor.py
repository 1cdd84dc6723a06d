"""``manage.py doctor``: what is wrong, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from platform_admin.doctor.checks import PLATFORM_CHECKS, TENANT_CHECKS
from platform_admin.doctor.finding import Finding, Verdict
from platform_admin.observability.standing import standings
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.operator_command import OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug

EXIT_LOOK = 3
EXIT_BAD = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One finding, with whom and what it is about. ``tenant`` is empty for the platform itself."""

    tenant: str
    check: str
    verdict: Verdict
    says: str
    remedy: str


class Command(OperatorCommand):
    help = (
        "Look at the platform and its tenants, or at one tenant: keys, worker, bundle, clock, quota, last message, "
        "connectors, WhatsApp. Says how to mend what it finds and changes nothing. Exit code 4 when something is bad, "
        "3 when something is worth a look."
    )
    changes_something = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug", nargs="?", help="only this tenant")
        parser.add_argument("--offline", action="store_true", help="ask nobody outside (leaves out whatsapp)")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        now = timezone.now()
        lines: list[Line] = []
        if options["slug"] is None:
            for name, check in PLATFORM_CHECKS.items():
                lines += _lines("", name, [check(now)])
            tenants = Tenant.objects.exclude(status=Tenant.Status.DELETED)
        else:
            tenants = Tenant.objects.filter(pk=tenant_by_slug(options["slug"]).pk)
        for standing in standings(tenants, now=now):
            for name, look in TENANT_CHECKS.items():
                if not (options["offline"] and name == "whatsapp"):
                    lines += _lines(standing.tenant.slug, name, look(standing))
        return Told(_text(lines), {"findings": [asdict(line) for line in lines]}, _exit_code(lines))


def _lines(tenant: str, check: str, findings: Iterable[Finding]) -> list[Line]:
    return [Line(tenant, check, finding.verdict, finding.says, finding.remedy) for finding in findings]


def _text(lines: Iterable[Line]) -> str:
    rows = []
    for line in lines:
        rows.append(f"{line.verdict:<5} {line.tenant or 'platform':<16} {line.check:<15} {line.says}")
        if line.remedy:
            rows.append(f"{'':<39} → {line.remedy}")
    return "\n".join(rows)


def _exit_code(lines: Iterable[Line]) -> int:
    verdicts = {line.verdict for line in lines}
    if Verdict.BAD in verdicts:
        return EXIT_BAD
    return EXIT_LOOK if Verdict.LOOK in verdicts else 0
