"""`make run-control-plane`: when it makes keys, in a copy of the Makefile with a Python that only notes its calls."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTES_ITS_CALLS = '#!/bin/sh\necho "$*" >> "$CALLS"\n'


def commands(folder: Path, **variables: str) -> list[str]:
    """What the target runs, by the first two words."""
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "scripts").mkdir()
    (folder / "scripts" / "setup.sh").write_text("")
    python = folder / "python"
    python.write_text(NOTES_ITS_CALLS)
    python.chmod(0o755)
    calls = folder / "calls"
    environment = {"PATH": os.environ["PATH"], "CALLS": str(calls), **variables}
    subprocess.run(
        ["make", "run-control-plane", f"PYTHON={python}"], cwd=folder, env=environment, check=True, capture_output=True
    )
    return [" ".join(line.split()[:2]) for line in calls.read_text().splitlines()]


@pytest.mark.parametrize(
    ("present", "variables", "makes_keys"),
    [
        pytest.param([], {}, True, id="on a fresh checkout"),
        pytest.param([".env", ".frontdesk/"], {}, False, id="not when they are there"),
        pytest.param([".env"], {}, True, id="after make clean took the signing key away"),
        pytest.param([], {"SECRET_KEY": "x"}, False, id="not when the environment has them"),
    ],
)
def test_keys_are_made(present: list[str], variables: dict[str, str], makes_keys: bool, tmp_path: Path) -> None:
    for name in present:
        path = tmp_path / name
        path.mkdir() if name.endswith("/") else path.touch()
    expected = ["scripts/require_free_port.py 8001", "manage.py migrate", "-m uvicorn"]
    if makes_keys:
        expected.insert(1, "manage.py init_env")
    assert commands(tmp_path, **variables) == expected
