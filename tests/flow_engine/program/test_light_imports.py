"""A runtime process that runs a program needs neither the YAML models nor what reads them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

PROBE = """
import json, sys
import flow_engine, flow_engine.interpreter, flow_engine.program, flow_engine.simulation, flow_engine.bundle
from tests.flow_engine.hairdresser import HAIRDRESSER
flow_engine.load_program(HAIRDRESSER, flow_engine.ProgramSettings(timezone="Europe/Madrid", language="es"))
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_running_a_program_loads_no_authoring_library() -> None:
    result = subprocess.run([sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(result.stdout))
    assert "flow_engine" in loaded
    assert loaded.isdisjoint(
        {"pydantic", "pydantic_core", "yaml", "ruamel", "django", "starlette", "asyncio", "socket"}
    )
