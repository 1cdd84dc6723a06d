"""Copies where no file of a tenant can be reached from here: its runtime brings and fetches them (docs/adr/0032).

A runtime that serves is asked through its queue; of one that is stopped the program runs once, on the same volume.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from platform_admin.commands.actions import queue_command
from platform_admin.commands.awaiting import wait_until_finished
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import RuntimeCommand
from platform_admin.fleet.backups.store import BackupStore, CopyName
from platform_admin.fleet.backups.tickets import Way, ticket_for
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.driver import RunsBeside, WantedRuntime
from platform_admin.fleet.drivers.errors import StateUnavailableError
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.wishes import wanted_runtime
from platform_admin.tenants.actor import Actor

FETCHED_WITHIN_S: Final = 60.0
"""A runtime that is connected fetches a request within a second, one that is not yet after its next report."""

PATIENCE_S: Final = 1860.0
"""What a runtime gives itself for a copy (``runtime/control_plane/copies.py``), and a minute to tell of it."""


class CopiesByRuntime:
    """Over a driver that runs the runtime's program on a tenant's volume."""

    def __init__(
        self, driver: RunsBeside, configuration: FleetConfiguration, *, fetched_within_s: float = FETCHED_WITHIN_S
    ) -> None:
        self._driver = driver
        self._configuration = configuration
        self._fetched_within_s = fetched_within_s

    def back_up(self, deployment: Deployment, name: CopyName, *, store: BackupStore, by: Actor) -> None:
        """Have the copy ``name`` in the store.

        Raises:
            DriverError: there is no copy, and why.
            StoreError: the store cannot be asked.
        """
        ticket = ticket_for(name, Way.IN)
        if deployment.desired == Deployment.Desired.RUNNING:
            self._ask(deployment, ticket, by=by)
        else:
            wanted = wanted_runtime(deployment, self._configuration, by=by)
            self._driver.run_beside(wanted, ("backup", "--hand-over", ticket))
        if name not in store.copies(name.tenant):
            told = "its copy was handed over and is not here; give FLEET_BACKUPS to the control plane as it is here"
            raise StateUnavailableError(name.tenant, told)

    def restore(self, wanted: WantedRuntime, name: CopyName) -> None:
        """Put the copy in the place of the tenant's state. Raises ``DriverError``; then the state is what it was."""
        self._driver.run_beside(wanted, ("restore", "--fetch", ticket_for(name, Way.OUT)))

    def _ask(self, deployment: Deployment, ticket: str, *, by: Actor) -> None:
        tenant = deployment.tenant
        until = timezone.now() + timedelta(seconds=self._fetched_within_s)
        command = queue_command(
            tenant=tenant, kind=CommandKind.BACKUP, payload={"upload": ticket}, by=by, expires_at=until
        )
        if not wait_until_finished(command, seconds=self._fetched_within_s) and command.delivered_at is not None:
            wait_until_finished(command, seconds=PATIENCE_S)
        if reason := what_is_missing(command):
            raise StateUnavailableError(tenant.slug, reason)


def what_is_missing(command: RuntimeCommand) -> str:
    """Why there is no copy; ``""`` when the runtime says that it has handed one over."""
    match RuntimeCommand.State(command.state):
        case RuntimeCommand.State.DONE if (command.result or {}).get("handed_over"):
            return ""
        case RuntimeCommand.State.DONE:
            return "its runtime is of a version that keeps copies to itself; upgrade it: manage.py fleet upgrade"
        case RuntimeCommand.State.FAILED | RuntimeCommand.State.REFUSED:
            return command.detail
        case RuntimeCommand.State.DELIVERED:
            return "its runtime has not finished the copy in half an hour; see its log"
        case _:
            return "its runtime does not fetch what it is asked; see manage.py fleet, or stop it and copy it then"
