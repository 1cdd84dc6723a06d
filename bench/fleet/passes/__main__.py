"""``python -m bench.fleet.passes``: an orchestrator passes over many tenants. Wants an empty database in DATABASE_URL.

The database is real, the substrate a dictionary: what is measured is what the orchestrator itself takes.
``BENCH_PASS_TENANTS`` (10,000) says how many.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "platform_admin.config.settings.test"
django.setup()

from django.core.management import call_command  # noqa: E402 - needs the settings
from django.db import connection  # noqa: E402 - as above

from bench.figure import Figure, figure  # noqa: E402 - as above
from bench.fleet.passes.seeding import seed_deployments  # noqa: E402 - as above
from platform_admin.fleet.configuration import FleetConfiguration  # noqa: E402 - as above
from platform_admin.fleet.drivers.in_memory import InMemoryDriver  # noqa: E402 - as above
from platform_admin.fleet.orchestrator import Orchestrator  # noqa: E402 - as above
from platform_admin.fleet.wish_book import WishBook  # noqa: E402 - as above
from platform_admin.tenants.actor import CommandActor  # noqa: E402 - as above

TENANTS = int(os.environ.get("BENCH_PASS_TENANTS", "10000"))
ROUNDS = 3
BY = CommandActor("bench")


class Queries:
    """Counts what goes to the database within a ``with connection.execute_wrapper`` block."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:  # noqa: ANN401 - Django's
        self.count += 1
        return execute(sql, params, many, context)


def measured() -> Iterator[Figure]:
    call_command("migrate", verbosity=0, interactive=False)
    seed_deployments(TENANTS)
    now = datetime.now(UTC)
    configuration = FleetConfiguration(image="runtime:1")
    wishes = WishBook(configuration, by=BY)
    one = Orchestrator(InMemoryDriver(), wishes, now=lambda: now, before_wishes=wishes.open_anew)
    first_s, _ = _timed(one)
    quiet, written = [], []
    for _ in range(ROUNDS):
        now += timedelta(seconds=1)
        quiet.append(_timed(one))
        now += timedelta(minutes=1)
        written.append(_timed(one))
    about = f"{TENANTS:,} tenants, real database, substrate in memory"
    for name, found, what in (
        ("fleet.pass_s", quiet, "nothing has changed"),
        ("fleet.pass_by_the_minute_s", written, "the same, and the minute's look is written down"),
    ):
        queries = sorted({count for _, count in found})
        yield figure(name, [s for s, _ in found], unit="s", against=f"printed: {about}; {what}, {queries} queries")
    yield figure("fleet.first_pass_s", [first_s], unit="s", against=f"printed: {about}; all are started")


def _timed(one: Orchestrator) -> tuple[float, int]:
    queries = Queries()
    began = time.perf_counter()
    with connection.execute_wrapper(queries):
        done = one.run_once()
    took = time.perf_counter() - began
    assert done.ready == done.running == TENANTS, done
    return took, queries.count


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        figures = list(measured())
    for one in figures:
        print(json.dumps(dataclasses.asdict(one)))
