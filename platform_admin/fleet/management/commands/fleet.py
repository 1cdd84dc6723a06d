"""``manage.py fleet``: wanted against actual, and the verbs that change what is wanted."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentTypeError, _SubParsersAction
from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser

from platform_admin.fleet import actions, upgrades
from platform_admin.fleet.command_line import bounds
from platform_admin.fleet.command_line.copies import back_up_tenants, list_copies, restore_tenant
from platform_admin.fleet.command_line.listing import list_fleet
from platform_admin.fleet.command_line.logs import LINES_SHOWN, follow_logs, show_logs
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.queries import required_deployment
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import EXIT_USAGE, OperatorCommand, Told
from platform_admin.tenants.queries import tenant_by_slug

type _Verbs = _SubParsersAction[CommandParser]
"""What argparse returns; it gives the class no public name."""


class Command(OperatorCommand):
    help = (
        "Show what is wanted of every tenant's runtime and what was last seen of it; exit code 4 when they differ. "
        "With a verb: change what is wanted. The orchestrator (manage.py run_orchestrator) brings it about."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        verbs = parser.add_subparsers(dest="verb", metavar="VERB")
        deploy = self._verb(verbs, "deploy", "want a tenant's runtime running (again)")
        deploy.add_argument("tenant")
        deploy.add_argument("--driver", choices=Deployment.Driver.values, help="where it runs (first time: process)")
        deploy.add_argument("--place", help="which orchestrator runs it, by FLEET_PLACE (first time: who comes first)")
        deploy.add_argument("--port", type=bounds.port, help="for local processes (first time: the next free one)")
        deploy.add_argument("--canary", action="store_true", default=None, help="upgrade it before the others")
        deploy.add_argument("--no-canary", dest="canary", action="store_false", help="upgrade it with the others")
        logs = self._verb(verbs, "logs", "show the last lines that a tenant's runtime wrote, as it wrote them")
        logs.add_argument("tenant")
        logs.add_argument(
            "--lines", type=_whole, default=LINES_SHOWN, metavar="N", help="how many (default: %(default)s)"
        )
        logs.add_argument("--follow", action="store_true", help="and those that come, until Ctrl-C; without --json")
        self._verb(verbs, "stop", "want it stopped; everything it has stays").add_argument("tenant")
        remove = self._verb(verbs, "remove", "want it gone; its conversations are kept for a time")
        remove.add_argument("tenant")
        remove.add_argument("--keep-days", type=bounds.keep_days, default=actions.VOLUME_KEPT.days, metavar="DAYS")
        upgrade = self._verb(verbs, "upgrade", "bring all to another image, canaries first")
        upgrade.add_argument("image")
        upgrade.add_argument("--batch", type=bounds.batch, default=10, help="how many at a time (default: %(default)s)")
        patience, soak = "seconds until it stops by itself", "seconds that canaries stay ready first"
        upgrade.add_argument("--patience", type=bounds.patience_s, default=180, metavar="S", help=patience)
        upgrade.add_argument("--soak", type=bounds.soak_s, default=60, metavar="S", help=soak)
        self._verb(verbs, "resume", "take up an upgrade that stopped by itself")
        backup = self._verb(
            verbs, "backup", "copy a tenant's state to FLEET_BACKUPS, running or stopped; drop old ones"
        )
        backup.add_argument("tenant", nargs="?", help="default: every tenant that runs here")
        self._verb(verbs, "copies", "list the copies of a tenant's state").add_argument("tenant")
        restore = self._verb(verbs, "restore", "put a copy in the place of a stopped tenant's state")
        restore.add_argument("tenant")
        restore.add_argument("--copy", metavar="TIME", help="as `copies` lists it (default: the newest)")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        match options["verb"]:
            case None:
                return list_fleet()
            case "upgrade":
                patience, soak = (timedelta(seconds=options[name]) for name in ("patience", "soak"))
                rollout = upgrades.upgrade(
                    image=options["image"], by=by, batch=options["batch"], patience=patience, soak=soak
                )
                return Told(f"The fleet goes to {rollout.image}.", {"image": rollout.image, "state": rollout.state})
            case "resume":
                rollout = upgrades.go_on(by=by)
                return Told(f"The upgrade to {rollout.aim} goes on.", {"image": rollout.image})
            case "logs":
                return self._logs(options)
            case "backup":
                return back_up_tenants(options["tenant"], by=by, only_say=options["dry_run"])
            case "copies":
                return list_copies(tenant_by_slug(options["tenant"]))
            case "restore":
                tenant = tenant_by_slug(options["tenant"])
                return restore_tenant(tenant, options["copy"], by=by, only_say=options["dry_run"])
            case _:
                return self._of_one_tenant(by, options)

    def _of_one_tenant(self, by: CommandActor, options: dict[str, Any]) -> Told:
        tenant = tenant_by_slug(options["tenant"])
        if options["verb"] == "deploy":
            chosen = {name: options[name] for name in ("port", "driver", "canary", "place")}
            deployment = actions.deploy(tenant=tenant, by=by, **chosen)
        elif options["verb"] == "stop":
            deployment = actions.suspend(deployment=required_deployment(tenant), by=by)
        else:
            keep = timedelta(days=options["keep_days"])
            deployment = actions.remove(deployment=required_deployment(tenant), by=by, keep_volume=keep)
        return Told(
            f"{tenant.slug}: {deployment.get_desired_display().lower()} is wanted now.",
            {"tenant": tenant.slug, "wanted": deployment.desired, "port": deployment.port},
        )

    def _logs(self, options: dict[str, Any]) -> Told:
        tenant, lines = tenant_by_slug(options["tenant"]), options["lines"]
        if not options["follow"]:
            return show_logs(tenant, lines=lines)
        if options["json"]:
            raise CommandError("--follow has no end to make one object of: leave out --json.", returncode=EXIT_USAGE)
        return follow_logs(tenant, lines=lines, show=self._show)

    def _show(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _verb(self, verbs: _Verbs, name: str, words: str) -> CommandParser:
        verb: CommandParser = verbs.add_parser(name, help=words, description=words)
        for option in ("--json", "--dry-run"):  # understood before and behind the verb
            verb.add_argument(option, action="store_true", default=SUPPRESS)
        return verb


def _whole(value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value) > 0):
        raise ArgumentTypeError("a whole number above 0")
    return int(value)
