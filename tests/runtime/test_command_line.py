"""``python -m runtime`` as a process: what it prints, how it ends."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.version import VERSION, build_id
from tests.runtime.served_program import PATIENCE_S, ROOT, Served, development, environment

VARIABLES = [
    "CONTROL_PLANE_URL",
    "TENANT_ID",
    "RUNTIME_TOKEN_FILE",
    "TENANT_FERNET_KEYS_FILE",
    "BUNDLE_PUBLIC_KEYS_FILE",
    "STATE_DIR",
    "HOST",
    "PORT",
    "GRAPH_BASE_URL",
    "GRAPH_VERSION",
    "TELEGRAM_BASE_URL",
    "TRUSTED_PROXIES",
    "TENANT_CONFIG_PATH",
    "HTTP_DEV_ALLOW_REMOTE",
    "EGRESS_ALLOW",
    "EGRESS_ALLOW_HTTP",
]
POST = b"POST /inbound HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "runtime", *arguments],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    process = subprocess.Popen(
        [sys.executable, "-m", "runtime"],
        cwd=ROOT,
        env=environment(**development(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Served(process)
    finally:
        process.kill()
        process.communicate()


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"frontdesk-runtime {VERSION} ({build_id()})\n")


def test_help_names_every_variable() -> None:
    done = run("--help")
    assert done.returncode == 0
    for name in VARIABLES:
        assert name in done.stdout


def test_wrong_usage_ends_with_2() -> None:
    assert run("--nonsense").returncode == 2


def test_a_missing_environment_is_told_by_name_and_ends_with_78() -> None:
    done = run(CONTROL_PLANE_URL="https://user:hunter2@x", PORT="0")
    assert done.returncode == 78
    assert "hunter2" not in done.stderr
    assert done.stdout == ""
    assert [line.removeprefix("frontdesk-runtime: ") for line in done.stderr.splitlines()][:6] == [
        "CONTROL_PLANE_URL must be an http or https address without user, query or fragment",
        "TENANT_ID is missing",
        "RUNTIME_TOKEN_FILE is missing",
        "TENANT_FERNET_KEYS_FILE is missing",
        "BUNDLE_PUBLIC_KEYS_FILE is missing",
        "STATE_DIR is missing",
    ]


def test_the_way_in_is_shown_to_whoever_set_nothing_and_to_nobody_else(tmp_path: Path) -> None:
    way_in = "frontdesk-runtime: for a trial start: TENANT_CONFIG_PATH=tests/configs/dev_tenant.yaml python -m runtime"
    assert run().stderr.splitlines()[-1] == way_in
    mistaken = run(**{**development(tmp_path), "PORT": "many"})
    assert mistaken.returncode == 78
    assert mistaken.stderr == "frontdesk-runtime: PORT must be a whole number from 0 to 65535\n"


WHATSAPP = '{type: whatsapp, phone_number_id: "12345", access_token: a, app_secret: b, verify_token: c}'


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        pytest.param("{type: http_dev}", "Chat page: http://localhost:{port}/chat\n", id="a chat page"),
        pytest.param(WHATSAPP, "WhatsApp webhook: http://localhost:{port}/webhook\n", id="a webhook, and no chat page"),
    ],
)
def test_a_development_start_names_the_addresses_that_are_there(tmp_path: Path, channel: str, expected: str) -> None:
    variables = development(tmp_path)
    (tmp_path / "tenant.yaml").write_text(f"tenant_id: toy\nflow_path: toy_flow.yaml\nchannel: {channel}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "runtime"],
        cwd=ROOT,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        served = Served(process)
        served.get("/ready")
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
    assert errors == expected.format(port=served.port)


def test_a_faulty_tenant_is_told_with_its_place_and_ends_with_78(tmp_path: Path) -> None:
    variables = development(tmp_path)
    (tmp_path / "tenant.yaml").write_text("tenant_id: toy\nflow_path: toy_flow.yaml\n", encoding="utf-8")
    done = run(**variables)
    assert done.returncode == 78
    assert f"{tmp_path}/tenant.yaml:1:1 R102 The key channel is missing." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_one_line_and_ends_with_75(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(**{**development(tmp_path), "PORT": str(port)})
    assert done.returncode == 75
    assert done.stderr == (
        f"frontdesk-runtime: port {port} is taken; stop what listens there, or choose another with PORT=\n"
    )


def test_a_second_process_for_one_tenant_ends_with_75(tmp_path: Path, served: Served) -> None:
    done = run(**development(tmp_path))
    assert done.returncode == 75
    assert done.stderr.splitlines()[-1].startswith("frontdesk-runtime: this tenant is already served")
    assert served.get("/ready") == {"ready": True}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_polite_signal_ends_with_0(served: Served, number: signal.Signals) -> None:
    assert served.get("/health")["status"] == "ok"
    served.process.send_signal(number)
    _, errors = served.process.communicate(timeout=PATIENCE_S)
    assert served.process.returncode == 0, errors
    assert "Traceback" not in errors


def test_a_request_that_is_still_open_at_the_end_of_the_time_to_stop_is_answered_503(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S) as slow:
        head = b"POST /inbound HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100"
        slow.sendall(head + b"\r\n\r\n{")
        served.get("/health")  # by now it is under way
        served.process.send_signal(signal.SIGTERM)
        output, errors = served.process.communicate(timeout=PATIENCE_S)
        answer = slow.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 503 ")
    assert "retry-after: 5\r\n" in answer.lower()
    assert answer.endswith('{"error":"stopping","message":"The bot is being stopped. Try again."}')
    assert "Exception in ASGI application" not in output
    assert served.process.returncode == 0, errors


def test_every_line_of_the_log_is_json(served: Served) -> None:
    served.get("/health")
    served.process.send_signal(signal.SIGTERM)
    output, _ = served.process.communicate(timeout=PATIENCE_S)
    for line in [*served.log, *output.splitlines()]:
        assert {"at", "level", "logger", "message"} <= json.loads(line).keys()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"runtime/BUILD": "2026.11.23-abc\n"}, "2026.11.23-abc"),
        ({".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": "a" * 40 + "\n"}, "a" * 12),
        (
            {".git/HEAD": "ref: refs/heads/main\n", ".git/packed-refs": "# pack\n" + "b" * 40 + " refs/heads/main\n"},
            "b" * 12,
        ),
        ({".git/HEAD": "c" * 40 + "\n"}, "c" * 12),
        ({".git/HEAD": "nonsense"}, "unknown"),
        ({}, "unknown"),
    ],
    ids=["baked into an image", "a branch", "a packed branch", "a detached head", "a broken checkout", "no checkout"],
)  # fmt: skip - one case a line
def test_the_build_is_found(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    for name, content in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    assert build_id(tmp_path / "runtime") == expected


def test_an_endless_chunked_body_is_cut_off_with_413(served: Served) -> None:
    request = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S) as connection:
        connection.sendall(request)
        sent = 0
        with contextlib.suppress(OSError):  # the server stops reading, which is the point
            while sent < 128 * 1024 * 1024:
                connection.sendall(chunk)
                sent += 0x10000
        assert sent < 64 * 1024 * 1024
    assert served.get("/ready") == {"ready": True}


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_sender_that_writes_everything_before_it_reads_gets_the_413(served: Served, framing: str) -> None:
    size = 8 * 1024 * 1024  # more than the sockets' own buffers hold
    if framing == "length":
        request = POST + f"Content-Length: {size}\r\n\r\n".encode() + b" " * size
    else:
        request = (
            POST + b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b" " * 0x10000 + b"\r\n") * (size // 0x10000)
        )
        request += b"0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"error":"body_too_large"' in answer


def test_a_body_that_is_longer_than_it_says_is_not_read_as_one(served: Served) -> None:
    body = b'{"contact_id":"a","text":"b"}' + b" " * 5_000_000
    head = POST + b"Content-Length: 29\r\n\r\n"
    connection = socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S)
    with connection, contextlib.suppress(OSError):  # refused while sending
        connection.sendall(head + body)
    assert served.get("/ready") == {"ready": True}
