"""``manage.py run_orchestrator``: keeps what runs at what is wanted."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import Error as DatabaseFailure
from django.db import close_old_connections

from platform_admin.fleet.backups.age_limit import AgeLimit
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.driver import FetchesBeside, RuntimeDriver
from platform_admin.fleet.drivers.errors import DriverError
from platform_admin.fleet.environment import fleet_environment
from platform_admin.fleet.leadership import Leadership, leadership
from platform_admin.fleet.orchestrator import Orchestrator, Pass
from platform_admin.fleet.renamed_settings import old_names
from platform_admin.fleet.substrate import driver_of, ingress_of, store_of
from platform_admin.fleet.wish_book import WishBook
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.operator_command import EXIT_REFUSED, OperatorCommand, Told

BETWEEN_PASSES_S = 1.0
"""One query and one list of the substrate: a new tenant waits at most this long for its runtime."""

BETWEEN_LOOKS_AT_THE_LEADER_S = 5.0
"""Also how long one that stood by waits once it has the lead: a leader that lost its session in the middle of a pass
finishes the one thing it does, and then sees that it does not lead."""

LONGEST_PAUSE_S = 30.0
"""Between passes that fail one after another; each waits twice as long as the one before."""

log = logging.getLogger(__name__)


class Command(OperatorCommand):
    help = (
        "Keep the runtimes of all tenants at what is wanted (manage.py fleet). Any number may run: one leads, the "
        "others wait to take over. What it is told by its environment (FLEET_…, INGRESS_…) stands in "
        "docs/operations.md. Stops at SIGTERM after the pass at hand; local processes stop with it, containers run on. "
        "--once makes one pass, waits for images that are fetched, and ends; exit code 1 when something is in its way."
    )
    changes_something = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--once", action="store_true", help="make one pass and end")

    def run(self, by: CommandActor, options: dict[str, Any]) -> Told:
        environment = fleet_environment()
        configuration = FleetConfiguration.from_environment(environment)
        for name, told in old_names(environment).items():
            log.warning("%s is not handed on to runtimes any more: call it %s", name, told)
        stopping = threading.Event()
        if not options["once"]:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stopping.set())
        lead = leadership(of=f"{configuration.driver} {configuration.place}")
        try:
            driver = driver_of(configuration)
        except DriverError as error:
            raise CommandError(str(error), returncode=EXIT_REFUSED) from error
        wishes = WishBook(configuration, by=by)
        orchestrator = Orchestrator(
            driver,
            wishes,
            before_wishes=wishes.open_anew,
            driver_name=configuration.driver,
            place=configuration.place,
            leads=lead.holds,
            ingress=ingress_of(configuration),
        )
        try:
            if options["once"]:
                return _one_pass(orchestrator, driver, lead)
            return _until_stopped(orchestrator, lead, stopping, between=_age_limit(configuration))
        finally:
            driver.close()
            lead.release()


def _age_limit(configuration: FleetConfiguration) -> Callable[[], None]:
    """What sees to it that copies go in their time, where this orchestrator knows of any."""
    if not configuration.backups:
        return lambda: None
    return AgeLimit(lambda: store_of(configuration)).see_to


def _one_pass(orchestrator: Orchestrator, driver: RuntimeDriver, lead: Leadership) -> Told:
    """And a second one once images are there that the first had fetched: with this process their pulls would end."""
    if not lead.holds():
        return Told("Another orchestrator leads.", {"leads": False})
    done = orchestrator.run_once()
    if isinstance(driver, FetchesBeside) and driver.wait_for_images():
        done = orchestrator.run_once()
    return Told(_in_words(done), {"leads": True, **_as_data(done)}, 1 if done.trouble else 0)


def _until_stopped(
    orchestrator: Orchestrator,
    lead: Leadership,
    stopping: threading.Event,
    *,
    between: Callable[[], None] = lambda: None,
) -> Told:
    """Pass after pass. Ending because one failed would stop every local runtime: it is told, and tried again later."""
    last: Pass | None = None
    pause_s = failed_s = 0.0
    stood_by = False
    while not stopping.wait(pause_s):
        try:
            close_old_connections()
            leads = lead.holds()
            if not leads or stood_by:
                if not (leads or stood_by):
                    log.info("another orchestrator leads; this one stands by")
                stood_by, pause_s = not leads, BETWEEN_LOOKS_AT_THE_LEADER_S
                continue
            done = orchestrator.run_once()
            between()
        except Exception as error:  # noqa: BLE001 - logged; the next pass begins anew
            pause_s = failed_s = min(max(2 * failed_s, BETWEEN_PASSES_S), LONGEST_PAUSE_S)
            _tell_failure(error, pause_s)
            continue
        if done != last:
            log.info("%s", _in_words(done))
        last, pause_s, failed_s = done, BETWEEN_PASSES_S, 0.0
    return Told("Stopped.", {"leads": last is not None})


def _tell_failure(error: Exception, pause_s: float) -> None:
    if isinstance(error, DatabaseFailure):
        reason = " ".join(str(error).split())
        log.error("the database failed in the middle of a pass (%s); the next one begins in %.0f s", reason, pause_s)
    else:
        log.error("a pass failed; the next one begins in %.0f s", pause_s, exc_info=error)


def _in_words(done: Pass) -> str:
    lines = [f"{done.ready} of {done.running} runtimes are ready."]
    lines += [f"{name}: {reason}" for name, reason in done.trouble.items()]
    lines += [f"{name} runs though nobody deployed it; it is left alone." for name in done.strangers]
    lines += [
        f"{name} is deployed at another place; what it has here is left alone, and no erasure reaches it."
        for name in done.left_behind
    ]
    return "\n".join(lines)


def _as_data(done: Pass) -> dict[str, object]:
    strangers, trouble = list(done.strangers), dict(done.trouble)
    told = {"running": done.running, "ready": done.ready, "strangers": strangers, "trouble": trouble}
    return told | {"left_behind": list(done.left_behind)}
