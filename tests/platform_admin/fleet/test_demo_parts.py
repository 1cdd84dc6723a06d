"""The demo's parts that need neither a database nor a port of their own."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, override

import pytest

from platform_admin.fleet.demo.console import Console
from platform_admin.fleet.demo.health import Interrupted, NotReadyError, wait_until_healthy
from platform_admin.fleet.driver import RuntimeState
from platform_admin.fleet.drivers.supervisor import ChildStatus

RUNNING = ChildStatus(RuntimeState.RUNNING)


class Health(BaseHTTPRequestHandler):
    """Answers with the server's ``answers`` in turn, the last one for ever."""

    def do_GET(self) -> None:
        answers: list[tuple[int, object]] = self.server.answers  # type: ignore[attr-defined] # set by the fixture
        code, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(code)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    @override
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def wait(server: ThreadingHTTPServer, answers: list[tuple[int, object]], **changes: object) -> None:
    server.answers = answers  # type: ignore[attr-defined] # read by the handler
    arguments = {"status": lambda: RUNNING, "stopping": threading.Event(), "path": "/health", **changes}
    wait_until_healthy("runtime", server.server_address[1], **arguments)  # type: ignore[arg-type] # a table's row


def test_a_process_is_ready_once_it_says_so(server: ThreadingHTTPServer) -> None:
    answers: list[tuple[int, object]] = [
        (503, {"status": "starting"}),
        (200, {"status": "starting"}),
        (200, {"status": "ok"}),
    ]
    wait(server, answers)
    assert answers == [(200, {"status": "ok"})]


def test_a_process_that_failed_is_not_waited_for_and_its_reason_is_told(server: ThreadingHTTPServer) -> None:
    failed = ChildStatus(RuntimeState.FAILED, "ended with status 78: TENANT_ID is missing")
    with pytest.raises(NotReadyError, match=r"^The runtime ended with status 78: TENANT_ID is missing$"):
        wait(server, [(200, {"status": "ok"})], status=lambda: failed)


def test_patience_ends_with_the_last_reason_seen(server: ThreadingHTTPServer) -> None:
    restarting = ChildStatus(RuntimeState.RESTARTING, "ended with status 1: no module named runtime")
    with pytest.raises(NotReadyError, match=r"did not answer on port \d+ within 0 s\. ended with status 1: no module"):
        wait(server, [(503, {})], status=lambda: restarting, patience_s=0.0)


def test_stopping_ends_the_wait_at_once(server: ThreadingHTTPServer) -> None:
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(Interrupted):
        wait(server, [(503, {})], stopping=stopping)


IN_A_PROCESS_OF_ITS_OWN = """
import json, pathlib, sys
from platform_admin.fleet.demo.environment import DemoIsRunningError, demo_environment
try:
    print(json.dumps(demo_environment(pathlib.Path(sys.argv[1]), reset=sys.argv[2] == "reset")), flush=True)
except DemoIsRunningError as error:
    print(json.dumps(str(error)), flush=True)
sys.stdin.read()
"""


@contextmanager
def demo_process(state: Path, *, reset: bool = False) -> Iterator[Any]:
    """A process that holds the demo as ``manage.py demo`` does; gives what it was answered."""
    command = [sys.executable, "-c", IN_A_PROCESS_OF_ITS_OWN, str(state), "reset" if reset else "keep"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())


def test_the_demo_lives_on_keys_of_its_own_that_only_the_owner_reads(tmp_path: Path) -> None:
    state = tmp_path / "demo"
    with demo_process(state) as environment:
        assert environment["DATABASE_URL"] == f"sqlite:///{state}/control-plane.sqlite3"
        key_file = Path(environment["SIGNING_KEY_FILE"])
        assert key_file.is_relative_to(state)
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
        assert {"SECRET_KEY", "FERNET_KEYS", "ALLOWED_HOSTS"} <= set(environment)


def test_a_second_start_keeps_the_keys_and_a_reset_makes_new_ones(tmp_path: Path) -> None:
    state = tmp_path / "demo"
    with demo_process(state) as first:
        (state / "control-plane.sqlite3").write_text("rows")
    with demo_process(state) as second:
        assert second == first
        assert (state / "control-plane.sqlite3").read_text() == "rows"
    with demo_process(state, reset=True) as third:
        assert third["SECRET_KEY"] != first["SECRET_KEY"]
        assert not (state / "control-plane.sqlite3").exists()


def test_a_demo_beside_a_running_one_is_refused_and_resets_nothing(tmp_path: Path) -> None:
    state = tmp_path / "demo"
    with demo_process(state), demo_process(state, reset=True) as refused:
        assert refused == "The demo is running already. Stop it with Ctrl-C where it runs, then start again."
        assert (state / ".env").exists()


def test_each_log_line_names_its_process_and_has_no_colour_codes_in_a_file() -> None:
    stream = io.StringIO()
    console = Console(stream)
    console.log("runtime", "ready")
    console.log("control plane", "started")
    assert stream.getvalue() == "      runtime | ready\ncontrol plane | started\n"


def test_the_box_is_as_wide_as_its_longest_line() -> None:
    stream = io.StringIO()
    Console(stream).box(["Chat", "Peluquería"])
    assert stream.getvalue().splitlines() == [
        "",
        "┌──────────────┐",
        "│  Chat        │",
        "│  Peluquería  │",
        "└──────────────┘",
        "",
    ]
