"""``manage.py run_orchestrator``: keeps what runs at what is wanted."""

from __future__ import annotations

import logging
import os
import signal
import threading
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import close_old_connections

from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.drivers.errors import DriverError
from platform_admin.fleet.leadership import Leadership, leadership
from platform_admin.fleet.orchestrator import Orchestrator, Pass
from platform_admin.fleet.substrate import driver_of, ingress_of
from platform_admin.fleet.wishes import wanted_runtime
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import EXIT_REFUSED, OperatorCommand, Told

BETWEEN_PASSES_S = 1.0
"""One query and one list of the substrate: a new tenant waits at most this long for its runtime."""

BETWEEN_LOOKS_AT_THE_LEADER_S = 5.0

log = logging.getLogger(__name__)


class Command(OperatorCommand):
    help = (
        "Keep the runtimes of all tenants at what is wanted (manage.py fleet). Any number may run: one leads, the "
        "others wait to take over. What it is told by its environment (FLEET_…, INGRESS_…) stands in "
        "docs/operations.md. Stops at SIGTERM after the pass at hand; local processes stop with it, containers run on. "
        "--once makes one pass and ends; exit code 1 when something is in its way."
    )
    changes_something = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--once", action="store_true", help="make one pass and end")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        configuration = FleetConfiguration.from_environment(os.environ)
        stopping = threading.Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopping.set())
        lead = leadership()
        try:
            driver = driver_of(configuration)
        except DriverError as error:
            raise CommandError(str(error), returncode=EXIT_REFUSED) from error
        orchestrator = Orchestrator(
            driver,
            lambda deployment: wanted_runtime(deployment, configuration, by=by),
            driver_name=configuration.driver,
            ingress=ingress_of(configuration),
        )
        try:
            return _one_pass(orchestrator, lead) if options["once"] else _until_stopped(orchestrator, lead, stopping)
        finally:
            driver.close()
            lead.release()


def _one_pass(orchestrator: Orchestrator, lead: Leadership) -> Told:
    if not lead.holds():
        return Told("Another orchestrator leads.", {"leads": False})
    done = orchestrator.run_once()
    return Told(_in_words(done), {"leads": True, **_as_data(done)}, 1 if done.trouble else 0)


def _until_stopped(orchestrator: Orchestrator, lead: Leadership, stopping: threading.Event) -> Told:
    last: Pass | None = None
    pause_s = 0.0
    while not stopping.wait(pause_s):
        close_old_connections()
        if not lead.holds():
            pause_s = BETWEEN_LOOKS_AT_THE_LEADER_S
            continue
        done = orchestrator.run_once()
        if done != last:
            log.info("%s", _in_words(done))
        last, pause_s = done, BETWEEN_PASSES_S
    return Told("Stopped.", {"leads": last is not None})


def _in_words(done: Pass) -> str:
    lines = [f"{done.ready} of {done.running} runtimes are ready."]
    lines += [f"{name}: {reason}" for name, reason in done.trouble.items()]
    lines += [f"{name} runs though nobody deployed it; it is left alone." for name in done.strangers]
    return "\n".join(lines)


def _as_data(done: Pass) -> dict[str, object]:
    strangers, trouble = list(done.strangers), dict(done.trouble)
    return {"running": done.running, "ready": done.ready, "strangers": strangers, "trouble": trouble}
