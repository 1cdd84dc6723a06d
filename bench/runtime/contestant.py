"""A server under test, for the length of a ``with`` block, in a process of its own."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

START_WITHIN_S = 60.0
NO_GRAPH = "http://127.0.0.1:9"
"""Nobody listens there; for measurements in which nothing is sent."""


@contextlib.contextmanager
def serving(module: str, *more: str, graph_url: str = NO_GRAPH) -> Iterator[int]:
    """Start ``bench.runtime.servers.<module>``; the port it listens on."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        command = [sys.executable, "-m", f"bench.runtime.servers.{module}", str(port), folder, graph_url, *more]
        with subprocess.Popen(command, stdout=sys.stderr) as process:
            try:
                _until_listening(port, process)
                yield port
            finally:
                process.kill()


def deliveries(port: int, *, connections: int, messages: int, contacts: int) -> dict[str, float]:
    """Deliver as fast as the server answers (``bench.runtime.deliveries``)."""
    return _deliver(port, connections, messages, contacts)


def deliveries_with_turns(
    module: str, *, connections: int, messages: int, contacts: int, backlog: int
) -> dict[str, float]:
    """Deliver to a server that sends its replies to a raw Graph API, at most ``backlog`` messages without one."""
    graph_port = free_port()
    with serving(module, graph_url=f"http://127.0.0.1:{graph_port}") as port:
        return _deliver(port, connections, messages, contacts, graph_port, backlog)


def _deliver(*arguments: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.runtime.deliveries", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    assert found["refused"] == 0, f"{found['refused']:.0f} deliveries were not acknowledged"
    return found


def conversations(module: str, *, users: int, messages: int) -> dict[str, float]:
    """Let users talk with a server through the raw Graph API of their process (``bench.runtime.conversations``)."""
    graph_port = free_port()
    with serving(module, graph_url=f"http://127.0.0.1:{graph_port}") as port:
        command = [sys.executable, "-m", "bench.runtime.conversations", str(port), str(graph_port), str(users)]
        talk = subprocess.run([*command, str(messages)], stdout=subprocess.PIPE, text=True, check=True, timeout=300)
        found: dict[str, float] = json.loads(talk.stdout)
        return found


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _until_listening(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise AssertionError("a server of the bench did not come up")
