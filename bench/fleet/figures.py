"""A fleet: how many tenants fit, how soon a new one answers, and what many of them ask of one control plane."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bench.figure import Figure
from bench.fleet.density import measure_density, measure_warm_density
from bench.fleet.ingress import measure_ingress
from bench.fleet.provisioning import measure_provisioning

ROOT = Path(__file__).resolve().parents[2]


def main() -> Iterable[Figure]:
    yield from measure_density()
    yield from measure_warm_density()
    yield from measure_provisioning()
    yield from measure_ingress()
    yield from _on_postgres("bench.fleet.simulation")
    yield from _on_postgres("bench.fleet.passes")


def _on_postgres(module: str) -> Iterable[Figure]:
    """On a throw-away PostgreSQL, in a process of its own, as ``bench.admin`` does."""
    command = [sys.executable, "-m", module]
    if "DATABASE_URL" not in os.environ:
        command = [sys.executable, str(ROOT / "scripts" / "postgres_cluster.py"), *command]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    yield from (Figure(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{"))
    if done.returncode != 0:
        raise SystemExit(f"{module} ended with {done.returncode}; its figures above are not all; see its words")
