"""What the demo shows on the terminal: a line per log line, and one box with what to do next."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from typing import TextIO

_COLOURS = {"control plane": "36", "runtime": "32", "graph": "35", "worker": "34"}  # ANSI: cyan, green, magenta, blue
_WIDEST_NAME = max(map(len, _COLOURS))


class Console:
    """Writes whole lines; several threads may write at once."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._colours = self._stream.isatty() and "NO_COLOR" not in os.environ
        self._lock = threading.Lock()

    def log(self, name: str, line: str) -> None:
        """One line of the process ``name``."""
        prefix = f"{name:>{_WIDEST_NAME}} |"
        self.say(f"{self._coloured(prefix, _COLOURS.get(name, '0'))} {line}")

    def say(self, line: str) -> None:
        with self._lock:
            print(line, file=self._stream, flush=True)

    def box(self, lines: Sequence[str]) -> None:
        width = max(map(len, lines))
        edge = "─" * (width + 4)
        body = [f"│  {line:<{width}}  │" for line in lines]
        self.say("\n".join(["", f"┌{edge}┐", *body, f"└{edge}┘", ""]))

    def _coloured(self, text: str, code: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colours else text
