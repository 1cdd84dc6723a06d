"""Say in one line that a port is taken, before a server says it in many: ``require_free_port.py PORT``."""

from __future__ import annotations

import socket
import sys


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do it: a port that only waits for its last connections to die counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


if __name__ == "__main__":
    wanted = int(sys.argv[1])
    if is_taken(wanted):
        sys.exit(f"Port {wanted} is in use. Stop the program that listens there, then run this again.")
