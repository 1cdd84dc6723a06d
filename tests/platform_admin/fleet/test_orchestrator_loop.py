"""The orchestrator's loop outlives whatever one pass ends with: with local processes, its end is theirs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import override

import pytest
from django.db import connection

from platform_admin.fleet.actions import deploy
from platform_admin.fleet.driver import SeenRuntime, WantedRuntime
from platform_admin.fleet.drivers.in_memory import InMemoryDriver
from platform_admin.fleet.leadership import FileLeadership
from platform_admin.fleet.management.commands.run_orchestrator import LONGEST_PAUSE_S, _until_stopped
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.orchestrator import Orchestrator
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant

pytestmark = pytest.mark.django_db(transaction=True)


class Passes(threading.Event):
    """Lets so many passes begin, without waiting between them; ``pauses`` are those that were asked for."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.pauses: list[float | None] = []

    @override
    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout)
        return len(self.pauses) > self._most


@dataclass(slots=True)
class TroubledDriver(InMemoryDriver):
    """Each of ``troubles`` happens in one pass, in the middle of it."""

    troubles: list[str] = field(default_factory=list)

    @override
    def seen(self) -> Mapping[str, SeenRuntime]:
        match self.troubles.pop(0) if self.troubles else "":
            case "database":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1 FROM gone")
            case "bug":
                raise KeyError("conditions")
            case _:
                pass
        return InMemoryDriver.seen(self)


def run(driver: InMemoryDriver, passes: Passes, folder: Path) -> None:
    orchestrator = Orchestrator(driver, lambda row: WantedRuntime(row.tenant.slug, image=row.image, port=row.port))
    lead = FileLeadership(folder / "lock")
    try:
        _until_stopped(orchestrator, lead, passes)
    finally:
        lead.release()


def test_after_passes_that_fail_the_loop_goes_on_and_waits_longer_each_time(
    luna: Tenant, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    deploy(tenant=luna, by=CommandActor("test"))
    driver, passes = TroubledDriver(troubles=["database", "bug", "database"]), Passes(5)
    with caplog.at_level(logging.ERROR):
        run(driver, passes, tmp_path)
    assert passes.pauses == [0.0, 1.0, 2.0, 4.0, 1.0, 1.0]
    told = [record.getMessage() for record in caplog.records]
    assert [line.partition(" (")[0] for line in told] == [
        "the database failed in the middle of a pass",
        "a pass failed; the next one begins in 2 s",
        "the database failed in the middle of a pass",
    ]
    assert "gone" in told[0]
    assert driver.asked == [("start", "luna")]
    assert Deployment.objects.for_tenant(luna).get().seen == "running"


def test_the_pause_between_failing_passes_has_an_end(tmp_path: Path) -> None:
    passes = Passes(8)
    run(TroubledDriver(troubles=["bug"] * 8), passes, tmp_path)
    assert passes.pauses == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_one_that_stands_by_says_so_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    leader = FileLeadership(tmp_path / "lock")
    assert leader.holds()
    driver = TroubledDriver()
    try:
        with caplog.at_level(logging.INFO):
            run(driver, Passes(3), tmp_path)
    finally:
        leader.release()
    assert [record.getMessage() for record in caplog.records] == ["another orchestrator leads; this one stands by"]
    assert driver.asked == []
