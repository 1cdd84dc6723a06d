"""Programs in a runtime's place, each with one manner that its driver has to know."""

from __future__ import annotations

SERVES_UNTIL_ASKED_TO_STOP = """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
print("serving", flush=True)
signal.sigwait({signal.SIGTERM})
print("stopping in order")
"""
"""Blocked and waited for: with a handler, a signal that comes just before ``signal.pause`` would leave it waiting."""


IGNORES_SIGTERM = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("serving", flush=True)
signal.pause()
"""


HAS_SOMEBODY_HOLD_ITS_OUTPUT = """
import os, pathlib, signal, subprocess, sys
holder = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
noted = pathlib.Path(os.environ["STATE_DIR"], "noted")
noted.write_text(str(holder.pid))
noted.rename(noted.with_name("holder"))
signal.pause()
"""


REFUSES_ITS_CONFIGURATION = 'print("TENANT_ID is missing"); raise SystemExit(78)'
CRASHES_TWICE = """
import os, pathlib, signal
marks = pathlib.Path(os.environ["STATE_DIR"], "marks")
count = len(marks.read_text()) if marks.exists() else 0
marks.write_text("x" * (count + 1))
print("attempt", count + 1, flush=True)
signal.pause() if count == 2 else os._exit(9)
"""


SHOWS_ITS_ENVIRONMENT = """
import json, os, signal
print(json.dumps(dict(os.environ)), flush=True)
signal.pause()
"""
