"""``manage.py verify_audit``: whether the audit trail is as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from platform_admin.audit.checkpoints import Anchors, anchors, lines_of, own_file
from platform_admin.audit.verifying import Proof, chains, verify
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.audit_digest import PLATFORM
from platform_admin.tenants.operator_command import EXIT_USAGE, OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug

EXIT_BROKEN = 4


class Command(OperatorCommand):
    help = (
        "Go over the audit trail, each tenant's chain and the platform's (*): every entry unaltered, in its place, "
        "none missing, none put in, the end where it was signed. Names each entry that is not right; then the exit "
        "code is 4. Checkpoints come from the database, from AUDIT_ANCHOR_FILE, and from --checkpoints: a copy that "
        "the database's owner does not reach says most. Changes nothing."
    )
    changes_something = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--tenant", metavar="SLUG", help="only this tenant's chain; * for the platform's")
        parser.add_argument(
            "--checkpoints", action="append", type=Path, default=[], metavar="FILE", help="lines kept elsewhere"
        )

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        wanted = options["tenant"]
        names = chains() if wanted is None else [wanted if wanted == PLATFORM else tenant_by_slug(wanted).slug]
        signed = _anchors(options["checkpoints"])
        proofs = [verify(name, signed.trusted) for name in names]
        broken = any(proof.problems for proof in proofs)
        lines = [line for proof in proofs for line in _lines(proof)]
        if signed.untrusted:
            lines.append(f"{signed.untrusted} checkpoints are signed by no key that is trusted now; left out.")
        data = {"holds": not broken, "chains": [_told(proof) for proof in proofs], "untrusted": signed.untrusted}
        return Told("\n".join(lines) or "The trail is empty.", data, EXIT_BROKEN if broken else 0)


def _anchors(files: list[Path]) -> Anchors:
    try:
        for file in files:
            if not lines_of(file):
                raise CommandError(f"{file}: There is no checkpoint in it.", returncode=EXIT_USAGE)
        return anchors([*own_file(), *files])
    except OSError as error:
        raise CommandError(f"{error.filename}: {error.strerror}.", returncode=EXIT_USAGE) from error


def _lines(proof: Proof) -> list[str]:
    anchored = "no checkpoint" if proof.anchored is None else f"signed up to {proof.anchored}"
    erased = f", {proof.erased} without their personal part" if proof.erased else ""
    verdict = "does NOT hold" if proof.problems else "holds"
    return [
        f"{proof.chain:<24} {verdict}: {proof.entries} entries{erased}, {anchored}.",
        *(f"  {problem}" for problem in proof.problems),
    ]


def _told(proof: Proof) -> dict[str, object]:
    return {
        "chain": proof.chain,
        "entries": proof.entries,
        "erased": proof.erased,
        "anchored": proof.anchored,
        "problems": [
            {"number": problem.number, "entry": problem.entry, "fault": str(problem.fault)}
            for problem in proof.problems
        ],
    }
