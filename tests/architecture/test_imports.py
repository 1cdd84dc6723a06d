"""What each process loads, and that the import contracts hold."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# module, and top-level packages that importing it must not load
BARE_PROCESSES = [
    pytest.param(
        "runtime.app",
        {"anthropic", "django", "psycopg", "pydantic", "rest_framework", "sqlalchemy", "yaml"},
        id="a runtime loads nothing of the control plane and nothing of the authoring side",
    ),
    pytest.param(
        "flow_engine.interpreter",
        {"cryptography", "django", "pydantic", "starlette", "yaml"},
        id="the interpreter needs the standard library alone",
    ),
    pytest.param(
        "connectors.registry",
        {"anthropic", "django", "flow_engine", "starlette"},
        id="the registry loads an adapter only when a tenant has it",
    ),
]


@pytest.mark.parametrize(("module", "unwanted"), BARE_PROCESSES)
def test_importing_a_module_in_a_bare_process_stays_small(module: str, unwanted: set[str]) -> None:
    program = f"import json, sys, {module}; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout))
    assert module.partition(".")[0] in loaded
    assert loaded & unwanted == set()


def test_the_import_contracts_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
