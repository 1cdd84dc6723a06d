"""The control plane under load: every page with 500 tenants and five million turns, and the API that runtimes ask.

On a throw-away PostgreSQL, in a process of its own. ``BENCH_ROWS`` sets another number of turns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).resolve().parents[1]


def main() -> Iterable[Figure]:
    command = [sys.executable, "-m", "bench.control_plane"]
    if "DATABASE_URL" not in os.environ:
        command = [sys.executable, str(ROOT / "scripts" / "postgres_cluster.py"), *command]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return [Figure(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{")]
