"""`make up`, `make down`, `make clean` in a copy of the checkout, with a docker on PATH that notes its calls."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "deploy" / "compose.yaml"

ENGINE_ANSWERS = '#!/bin/sh\necho "$@" >> "$CALLS"\n'
ENGINE_IS_DOWN = '#!/bin/sh\n[ "$1" != info ]\n'


class Checkout:
    def __init__(self, folder: Path) -> None:
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
        (self.bin / "docker").write_text(script)
        (self.bin / "docker").chmod(0o755)
        return self

    def run(self, verb: str) -> subprocess.CompletedProcess[str]:
        self.calls_file.write_text("")
        return subprocess.run(
            [sys.executable, "scripts/compose.py", verb],
            cwd=self.root,
            env={"PATH": str(self.bin), "CALLS": str(self.calls_file)},
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
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize("verb", ["up", "down"])
@pytest.mark.parametrize("engine", ["absent", "down"])
def test_without_an_engine_one_line_says_so_and_the_status_is_2(checkout: Checkout, verb: str, engine: str) -> None:
    done = (checkout if engine == "absent" else checkout.with_docker(ENGINE_IS_DOWN)).run(verb)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"{verb}: no container engine answers. Start Docker (or Podman with docker compose), then run this again."
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


def test_down_keeps_the_volumes(checkout: Checkout) -> None:
    assert checkout.with_docker(ENGINE_ANSWERS).run("down").returncode == 0
    assert checkout.compose_calls == ["down"]


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
    assert checkout.compose_calls == ["down --volumes --remove-orphans"]
    assert not state.exists()
    assert not (checkout.root / "deploy" / "secrets").exists()


def test_clean_without_an_engine_keeps_the_keys_of_volumes_it_cannot_see(checkout: Checkout) -> None:
    checkout.with_docker(ENGINE_ANSWERS).run("up")
    (checkout.bin / "docker").unlink()
    assert checkout.run("clean").returncode == 0
    assert (checkout.root / "deploy" / "secrets" / "database.env").exists()


def test_the_compose_file_publishes_the_three_ports_on_loopback() -> None:
    services = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {
        "postgres": ["127.0.0.1:5433:5432"],
        "control-plane": ["127.0.0.1:8001:8001"],
        "data-plane": ["127.0.0.1:8002:8002"],
    }


def test_everything_the_images_copy_and_the_services_mount_is_there() -> None:
    copied = [
        word
        for dockerfile in sorted((ROOT / "deploy" / "docker").glob("*.Dockerfile"))
        for line in dockerfile.read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    ]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    mounted = ["first-tenant/prepare.sh", "first-tenant/settings.yaml"]
    assert [name for name in mounted if not (ROOT / "deploy" / name).exists()] == []


def test_no_secret_can_be_committed() -> None:
    names = ["deploy/secrets/.env", "deploy/secrets/signing_key.pem", ".env", ".frontdesk/demo/.env"]
    done = subprocess.run(
        ["git", "check-ignore", *names], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == names
