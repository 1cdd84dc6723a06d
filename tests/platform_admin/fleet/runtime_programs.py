"""Programs in a runtime's place, each with one manner that its driver has to know."""

from __future__ import annotations

SERVES_UNTIL_ASKED_TO_STOP = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: (print("stopping in order"), sys.exit(0)))
print("serving", flush=True)
signal.pause()
"""


IGNORES_SIGTERM = SERVES_UNTIL_ASKED_TO_STOP.replace(
    'lambda *_: (print("stopping in order"), sys.exit(0))', "signal.SIG_IGN"
)


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
