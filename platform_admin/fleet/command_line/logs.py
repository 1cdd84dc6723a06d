"""What ``manage.py fleet logs`` shows: the last lines of one tenant's runtime, and those that come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from platform_admin.errors import ConflictError
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.driver import LOG_LINES, RuntimeDriver
from platform_admin.fleet.drivers.errors import DriverError
from platform_admin.fleet.environment import fleet_environment
from platform_admin.fleet.queries import required_deployment
from platform_admin.fleet.substrate import driver_of
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.operator_command import Told

BETWEEN_LOOKS_S: Final = 1.0

LINES_SHOWN: Final = 100
"""A few screens; the end of them is what somebody looks for who asks why."""


def show_logs(tenant: Tenant, *, lines: int = LINES_SHOWN) -> Told:
    with _driver_for(tenant) as driver:
        written = driver.logs(tenant.slug, lines=lines)
    return Told("\n".join(written) or _nothing_of(tenant), {"tenant": tenant.slug, "lines": list(written)})


def follow_logs(
    tenant: Tenant,
    *,
    lines: int = LINES_SHOWN,
    show: Callable[[str], None],
    wait: Callable[[float], None] = time.sleep,
) -> Told:
    """Show the last ``lines``, then what comes, until ``wait`` raises ``KeyboardInterrupt``."""
    with _driver_for(tenant) as driver:
        seen = driver.logs(tenant.slug)
        for line in seen[-lines:]:
            show(line)
        try:
            while True:
                wait(BETWEEN_LOOKS_S)
                now = driver.logs(tenant.slug, lines=LOG_LINES)
                for line in added(seen, now):
                    show(line)
                seen = now
        except KeyboardInterrupt:
            return Told("", {})


def added(before: Sequence[str], now: Sequence[str]) -> Sequence[str]:
    """The lines of ``now`` behind those of ``before``, of which the first may have gone: a look has an upper bound."""
    for gone in range(len(before)):
        kept = len(before) - gone
        if kept <= len(now) and before[gone:] == now[:kept]:
            return now[kept:]
    return now


@contextmanager
def _driver_for(tenant: Tenant) -> Iterator[RuntimeDriver]:
    """Raises ``ConflictError`` where lines cannot be had here, ``NotThereError`` when it is not deployed."""
    deployment = required_deployment(tenant)
    configuration = FleetConfiguration.from_environment(fleet_environment())
    ours = (configuration.driver, configuration.place)
    theirs = (deployment.driver, deployment.place or configuration.place)
    if ours != theirs:
        raise ConflictError(
            f"{tenant.slug} runs on {deployment.driver} at {deployment.place or 'no place yet'}, this is "
            f"{configuration.driver} at {configuration.place}. Ask where its orchestrator runs, with its FLEET_… "
            "variables."
        )
    try:
        driver = driver_of(configuration)
        try:
            yield driver
        finally:
            driver.close()
    except DriverError as error:
        raise ConflictError(str(error)) from error
    except PermissionError as error:
        raise ConflictError(f"{error.filename} is for its owner only. Ask as the orchestrator's user.") from error


def _nothing_of(tenant: Tenant) -> str:
    return f"Nothing that {tenant.slug}'s runtime wrote is kept: it has not run yet, or was removed."
