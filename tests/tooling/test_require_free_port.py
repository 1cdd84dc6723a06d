"""The line before a server starts."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "require_free_port.py"


def check(port: int) -> tuple[int, str]:
    done = subprocess.run([sys.executable, SCRIPT, str(port)], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_a_taken_port_is_named_and_a_free_one_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert check(port) == (1, f"Port {port} is in use. Stop the program that listens there, then run this again.\n")
    assert check(port) == (0, "")
