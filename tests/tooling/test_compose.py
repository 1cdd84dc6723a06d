"""`make up`, `make down`, `make clean` in a copy of the checkout, with a docker on PATH that notes its calls."""

from __future__ import annotations

import contextlib
import http.server
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "deploy" / "compose.yaml"

ENGINE_ANSWERS = '#!/bin/sh\necho "$@" >> "$CALLS"\n'
ENGINE_IS_DOWN = '#!/bin/sh\n[ "$1" != info ]\n'


@contextlib.contextmanager
def planes_that_answer(status: int, health: str) -> Iterator[int]:
    """A port of this machine where both planes are asked for their health."""

    class Health(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(health)))
            self.end_headers()
            self.wfile.write(health.encode())

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Health) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class Checkout:
    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.root = folder / "checkout"
        self.bin = folder / "bin"
        self.calls_file = folder / "calls"
        self.bin.mkdir()
        (self.root / "scripts").mkdir(parents=True)
        (self.root / "deploy").mkdir()
        shutil.copy(ROOT / "scripts" / "compose.py", self.root / "scripts")
        shutil.copy(COMPOSE_FILE, self.root / "deploy")
        for name in ("manage.py", "pyproject.toml", "platform_admin", "flow_engine", "connectors"):
            (self.root / name).symlink_to(ROOT / name)

    def with_docker(self, script: str) -> Checkout:
        return self.with_program("docker", script)

    def with_program(self, name: str, script: str) -> Checkout:
        (self.bin / name).write_text(script)
        (self.bin / name).chmod(0o755)
        return self

    def run(self, verb: str, **variables: str) -> subprocess.CompletedProcess[str]:
        self.calls_file.write_text("")
        return subprocess.run(
            [sys.executable, "scripts/compose.py", verb],
            cwd=self.root,
            env={
                "PATH": str(self.bin),
                "CALLS": str(self.calls_file),
                "CONTROL_PLANE_PORT": str(self.port),
                "DATA_PLANE_PORT": str(self.port),
                "SECOND_DATA_PLANE_PORT": str(self.port),
                "FRONTDESK_UP_PATIENCE_S": "0.1",
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def compose_calls(self) -> list[str]:
        """What compose was asked for, without the probes."""
        lines = self.calls_file.read_text().splitlines()
        prefix = f"compose --file {self.root}/deploy/compose.yaml "
        return [line.removeprefix(prefix) for line in lines if line.startswith(prefix)]


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    with planes_that_answer(200, '{"ready": true}') as port:
        yield Checkout(tmp_path, port)


@pytest.mark.parametrize("verb", ["up", "down"])
@pytest.mark.parametrize("engine", ["absent", "down"])
def test_without_an_engine_one_line_says_so_and_the_status_is_2(checkout: Checkout, verb: str, engine: str) -> None:
    done = (checkout if engine == "absent" else checkout.with_docker(ENGINE_IS_DOWN)).run(verb)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"{verb}: no container engine answers. Start Docker (with compose) or install Podman, then run this again."
    ]
    assert not (checkout.root / "deploy" / "secrets").exists()


def test_the_first_up_makes_secrets_and_later_ones_keep_them(checkout: Checkout) -> None:
    checkout.with_docker(ENGINE_ANSWERS)
    secrets = checkout.root / "deploy" / "secrets"

    def contents() -> dict[str, bytes]:
        assert checkout.run("up").returncode == 0
        return {str(path.relative_to(secrets)): path.read_bytes() for path in secrets.rglob("*") if path.is_file()}

    first = contents()
    assert set(first) == {".env", "database.env", "signing_key.pem", ".frontdesk/signing_key.pem"}
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert contents() == first
    assert checkout.compose_calls == ["up --build --detach"]


def test_up_names_the_addresses_that_answer(checkout: Checkout) -> None:
    done = checkout.with_docker(ENGINE_ANSWERS).run("up")
    address = f"http://localhost:{checkout.port}"
    assert done.stdout.splitlines() == [
        f"up: control plane {address}, data planes {address}/chat and {address}/chat, PostgreSQL on 5433",
        "up: ingress https://localhost:8443/t/first/widget, admin https://admin.localhost:8443",
        "up: the first operator: see deploy/README.md",
    ]


A_SERVER = """
# bots.example.org
INGRESS_PUBLIC_HOST=bots.example.org
INGRESS_ADMIN_HOST = "admin.example.org"
INGRESS_HTTPS_PORT=443 # the usual one
FRONTDESK_NET=10.99
POSTGRES_PORT=
FLEET_NAME='front desk'
"""

ENGINE_NOTES_SETTINGS = ENGINE_ANSWERS + 'echo "settings $INGRESS_HTTPS_PORT $FRONTDESK_NET $FLEET_NAME" >> "$CALLS"\n'


def test_the_settings_of_a_machine_are_kept_in_a_file_and_the_environment_goes_first(checkout: Checkout) -> None:
    (checkout.root / "deploy" / ".env").write_text(A_SERVER)
    done = checkout.with_docker(ENGINE_NOTES_SETTINGS).run("up", FRONTDESK_NET="10.7", FLEET_NAME="")
    assert done.stdout.splitlines()[0].endswith("PostgreSQL on 5433")
    assert done.stdout.splitlines()[1] == (
        "up: ingress https://bots.example.org:443/t/first/widget, admin https://admin.example.org:443"
    )
    assert "settings 443 10.7 front desk" in checkout.calls_file.read_text()


def test_the_fleet_that_the_file_asks_for_is_started(checkout: Checkout) -> None:
    (checkout.root / "deploy" / ".env").write_text("FLEET=1\n")
    with socket.socket(socket.AF_UNIX) as engine:
        engine.bind(str(checkout.root / "engine.sock"))
        address = f"unix://{checkout.root}/engine.sock"
        done = checkout.with_docker(ENGINE_ANSWERS).run("up", FLEET="", DOCKER_HOST=address)
    assert done.returncode == 0
    assert checkout.compose_calls == ["--profile fleet up --build --detach"]


@pytest.mark.parametrize(
    ("status", "health"),
    [(503, '{"database": "down"}'), (200, '{"ready": false}')],
    ids=["unwell", "well-but-not-ready"],
)
def test_up_says_which_service_does_not_get_ready(checkout: Checkout, status: int, health: str) -> None:
    with planes_that_answer(status, health) as port:
        done = checkout.with_docker(ENGINE_ANSWERS).run("up", DATA_PLANE_PORT=str(port))
    assert (done.returncode, done.stdout) == (1, "")
    logs = f"docker compose --file {checkout.root}/deploy/compose.yaml logs data-plane"
    assert done.stderr == f"up: http://localhost:{port}/health does not say yet that it is ready; look at: {logs}\n"


NO_COMPOSE = '#!/bin/sh\n[ "$1" = info ]\n'  # an engine without the verb compose


@pytest.mark.parametrize(
    ("programs", "asked"),
    [
        ({"docker": ENGINE_ANSWERS, "podman": ENGINE_ANSWERS, "podman-compose": ENGINE_ANSWERS}, "compose --file"),
        ({"docker": ENGINE_IS_DOWN, "podman": ENGINE_ANSWERS, "podman-compose": NO_COMPOSE}, "compose --file"),
        ({"docker": NO_COMPOSE, "podman": NO_COMPOSE, "podman-compose": ENGINE_ANSWERS}, "--file"),
        ({"podman": NO_COMPOSE, "podman-compose": ENGINE_ANSWERS}, "--file"),
    ],
    ids=["all-there", "docker-is-down", "docker-has-no-compose", "podman-alone"],
)
def test_whichever_engine_answers_is_used(checkout: Checkout, programs: dict[str, str], asked: str) -> None:
    for name, script in programs.items():
        checkout.with_program(name, script)
    assert checkout.run("down").returncode == 0
    calls = checkout.calls_file.read_text().splitlines()
    assert f"{asked} {checkout.root}/deploy/compose.yaml --profile fleet down" in calls


def test_down_keeps_the_volumes(checkout: Checkout) -> None:
    assert checkout.with_docker(ENGINE_ANSWERS).run("down").returncode == 0
    assert checkout.compose_calls == ["--profile fleet down"]


def test_clean_says_what_it_deletes_and_deletes_it(checkout: Checkout) -> None:
    checkout.with_docker(ENGINE_ANSWERS).run("up")
    state = checkout.root / ".frontdesk"
    (state / "demo").mkdir(parents=True)
    done = checkout.run("clean")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "clean: deleting the containers and their volumes (all tenants, all conversations)",
        f"clean: deleting {checkout.root}/deploy/secrets (their keys and password, which open nothing any more)",
        f"clean: deleting {state} (databases, keys and logs of the local runs)",
    ]
    assert checkout.compose_calls == ["--profile fleet down --volumes --remove-orphans"]
    assert not state.exists()
    assert not (checkout.root / "deploy" / "secrets").exists()


def test_with_a_fleet_the_orchestrator_gets_the_engines_socket_and_its_group(
    checkout: Checkout, tmp_path: Path
) -> None:
    place = tmp_path / "engine.sock"
    tells = '#!/bin/sh\necho "$@ as $FLEET_ENGINE_GROUP at $FLEET_ENGINE_SOCKET" >> "$CALLS"\n'
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as engine:
        engine.bind(str(place))
        done = checkout.with_docker(tells).run("up", FLEET="1", DOCKER_HOST=f"unix://{place}")
        assert done.returncode == 0
        assert checkout.compose_calls[-1] == f"--profile fleet up --build --detach as {place.stat().st_gid} at {place}"


def test_a_fleet_without_the_engines_socket_is_refused_and_starts_nothing(checkout: Checkout, tmp_path: Path) -> None:
    nowhere = f"unix://{tmp_path}/engine.sock"
    done = checkout.with_docker(ENGINE_ANSWERS).run("up", FLEET="1", DOCKER_HOST=nowhere)
    assert (done.returncode, done.stdout, checkout.compose_calls) == (2, "", [])
    assert done.stderr.startswith("up: the container engine's socket was not found. Start its service")


HAS_A_TENANT = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$1 $2 $3 $4 $5 $6" in
    "ps "*label=frontdesk.fleet=frontdesk*) echo luna ;;
    "volume ls "*label=frontdesk.fleet=frontdesk*) echo luna-state ;;
    "network ls "*label=frontdesk.fleet=frontdesk*) echo luna-net ;;
esac
"""


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        ("down", ["stop --time 25 luna"]),
        ("clean", ["rm --force luna", "volume rm luna-state", "network rm luna-net"]),
    ],
)
def test_what_the_orchestrator_made_is_stopped_and_wiped_with_the_rest(
    checkout: Checkout, verb: str, asked: list[str]
) -> None:
    assert checkout.with_docker(HAS_A_TENANT).run(verb).returncode == 0
    calls = checkout.calls_file.read_text().splitlines()
    assert [call for call in calls if "luna" in call] == asked


def test_clean_without_an_engine_keeps_the_keys_of_volumes_it_cannot_see(checkout: Checkout) -> None:
    checkout.with_docker(ENGINE_ANSWERS).run("up")
    (checkout.bin / "docker").unlink()
    assert checkout.run("clean").returncode == 0
    assert (checkout.root / "deploy" / "secrets" / "database.env").exists()
