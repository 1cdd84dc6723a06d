"""Brings what runs to what is wanted: level-triggered, so every pass may be the first or the hundredth.

A deployment that is missing from the database is left alone: nothing is ever stopped because a list came back short.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from platform_admin.fleet.actions import note_status
from platform_admin.fleet.drivers.errors import DriverError
from platform_admin.fleet.drivers.port import RuntimeDriver, RuntimeSpec, RuntimeState, RuntimeStatus
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.queries import all_deployments

type SpecOf = Callable[[Deployment], RuntimeSpec]
"""Writes the files a runtime needs, where they are missing, and says how it is to run."""


def reconcile(
    driver: RuntimeDriver, spec_of: SpecOf, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> None:
    """One pass over all deployments; what the substrate refuses for one tenant is noted there and stops no other."""
    for deployment in all_deployments():
        status = _bring_about(deployment, driver, spec_of)
        note_status(deployment=deployment, status=status, at=now())


def _bring_about(deployment: Deployment, driver: RuntimeDriver, spec_of: SpecOf) -> RuntimeStatus:
    slug = deployment.tenant.slug
    try:
        if deployment.desired == Deployment.Desired.RUNNING:
            driver.start(spec_of(deployment))
        else:
            driver.stop(slug)
    except DriverError as error:
        return RuntimeStatus(RuntimeState.FAILED, str(error))
    return driver.status(slug)
