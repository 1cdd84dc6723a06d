"""A process that has loaded everything a runtime needs, and bears one runtime after the other.

A thousand kills are a thousand starts; loading Python modules is the larger part of one and says nothing about
durability. Each line on stdin is a ``Life``; the answers are the child's process id and, when it has ended, its status.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from pathlib import Path

from tests.crash.life import Life, live

LOADED_BY_A_START = (
    "runtime.tenant_file",
    "runtime.channels.whatsapp",
    "connectors.whatsapp",
    "connectors.calendar.mock_calendar.adapter",
)


def main(log: Path) -> None:
    for module in LOADED_BY_A_START:
        importlib.import_module(module)
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _be_born(Life.from_line(line), log)
        _say(str(pid))
        _, status = os.waitpid(pid, 0)
        _say(str(status))


def _be_born(life: Life, log: Path) -> None:
    try:
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(output, stream)
        live(life)
    finally:
        os._exit(1)  # reached after a defect or a SIGTERM; the parent's buffers are not this process's to flush


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
