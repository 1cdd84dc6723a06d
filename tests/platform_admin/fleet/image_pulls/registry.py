"""A registry that the tests play, and an orchestrator whose driver needs its images."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import override

from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.docker.pulls import Pulls
from platform_admin.fleet.drivers.errors import ImageMissingError, ImageOnItsWayError
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.models import Deployment
from platform_admin.tenants.actor import CommandActor

SHELL = CommandActor("test")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
OLD, NEW = "registry.example/runtime:1", "registry.example/runtime:2"
FETCHED = f"The image {NEW} for luna is being fetched"
PATIENCE_S = 10.0


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def told(pulls: Pulls, *, tenant: str = "luna") -> str:
    try:
        pulls.ensure(NEW, tenant=tenant)
    except (ImageMissingError, ImageOnItsWayError) as error:
        return str(error)
    return ""


class DriverWithRegistry(InMemoryDriver):
    """Runtimes in memory, of images that an engine has to have."""

    pulls: Pulls

    @override
    def apply(self, wanted: WantedRuntime) -> None:
        self.pulls.ensure(wanted.image, tenant=wanted.tenant)
        InMemoryDriver.apply(self, wanted)


def bare_wish(deployment: Deployment) -> WantedRuntime:
    return WantedRuntime(deployment.tenant.slug, image=deployment.image, port=deployment.port)
