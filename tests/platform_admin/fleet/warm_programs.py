"""Programs that a warm parent runs for a tenant, and what they show of themselves."""

from __future__ import annotations

SHOWS_WHAT_IT_WAS_BORN_WITH = """
import gc, json, os, re, signal, sys
status = open("/proc/self/status").read()
shown = {name: re.search(rf"^{name}:\\t(.*)$", status, re.M)[1] for name in ("Umask", "SigBlk", "SigIgn", "SigCgt")}
shown |= {
    "handlers": {number.name: repr(signal.getsignal(number)).partition(" at ")[0] for number in signal.valid_signals()
                 if isinstance(number, signal.Signals)},
    "leads its session": os.getsid(0) == os.getpid() == os.getpgid(0),
    "folder": os.getcwd(),
    "input": os.readlink("/proc/self/fd/0"),
    "output": os.readlink("/proc/self/fd/1") == os.readlink("/proc/self/fd/2"),
    "open": sorted(name for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")),
    "collects garbage": gc.isenabled(),
    "threads": os.listdir("/proc/self/task") == [str(os.getpid())],
    "optimized": sys.flags.optimize,
    "environment": {name: value for name, value in os.environ.items() if name != "LC_CTYPE"},
    "encoding": sys.stdout.encoding,
}
print(json.dumps(shown), flush=True)
"""


THROWS_DICE = """
import json, os, random, secrets, uuid
print(json.dumps([random.random(), secrets.token_hex(8), str(uuid.uuid4()), os.environ["STATE_DIR"]]), flush=True)
import signal; signal.pause()
"""


LEAVES_A_MARK = """
import os, pathlib, signal
pathlib.Path(os.environ["STATE_DIR"], "mark").write_text(os.environ["TENANT_ID"])
kept = os.environ.get("MARK")
print("marked", flush=True)
signal.pause()
"""
