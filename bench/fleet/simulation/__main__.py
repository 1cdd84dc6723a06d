"""``python -m bench.fleet.simulation``: seed, serve, ask, measure. Wants an empty database in DATABASE_URL.

``BENCH_RUNTIMES`` (2,000) says how many runtimes are played, ``BENCH_FLEET_S`` (60) how long it is measured,
``BENCH_POLL_S`` (30) how often a runtime asks for its bundle; a real one asks every 15 s.
Exit status 1 and no figure when the fleet fell behind its pace.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
from collections.abc import Iterator

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "platform_admin.config.settings.test"
django.setup()

from django.core.management import call_command  # noqa: E402 - needs the settings

from bench.figure import Figure, figure  # noqa: E402 - as above
from bench.fleet.simulation.control_plane import Measured, measure  # noqa: E402 - as above
from bench.fleet.simulation.pace import FellBehindError  # noqa: E402 - as above
from bench.fleet.simulation.seeding import seed_fleet  # noqa: E402 - as above

RUNTIMES = int(os.environ.get("BENCH_RUNTIMES", "2000"))
SECONDS = float(os.environ.get("BENCH_FLEET_S", "60"))
WARM_UP_S = float(os.environ.get("BENCH_FLEET_WARM_UP_S", "120"))


def measured() -> Iterator[Figure]:
    call_command("migrate", verbosity=0, interactive=False)
    tokens = seed_fleet(RUNTIMES)
    found = measure(tokens, warm_up_s=WARM_UP_S, seconds=SECONDS)
    thousands = RUNTIMES / 1000
    load = f"{RUNTIMES:,} runtimes: {_said(found)}"
    yield figure(
        "fleet.control_core_percent_per_1000",
        [100 * found.control_plane_cpu_s / found.seconds / thousands],
        unit="% of a core",
        against=f"<= 20; {load}",
    )
    yield figure(
        "fleet.database_core_percent_per_1000",
        [100 * found.database_cpu_s / found.seconds / thousands],
        unit="% of a core",
        against="printed: PostgreSQL's share of the same minute",
    )
    yield figure("fleet.report_p95_ms", [found.report_p95_ms], unit="ms", against="printed: a report and its answer")
    yield figure(
        "fleet.control_pss_mb", [found.control_plane_pss_mb], unit="MB", against="printed: one control plane process"
    )


def _said(found: Measured) -> str:
    return ", ".join(f"{count / found.seconds:.0f} {what}/s" for what, count in sorted(found.answered.items()))


if __name__ == "__main__":
    try:
        with contextlib.redirect_stdout(sys.stderr):
            figures = list(measured())
    except FellBehindError as error:
        sys.exit(str(error))
    for one in figures:
        print(json.dumps(dataclasses.asdict(one)))
