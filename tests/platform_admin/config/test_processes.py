"""The control plane's programs as an operator starts them, in processes of their own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from flow_engine.bundle import open_bundle, read_public_keys
from platform_admin.config.environment import with_env_file

ROOT = Path(__file__).parents[3]
START_LIMIT_S = 120
"""Patience with a machine that does other things as well; a start takes a second or two."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A first start: keys made by ``init_env``, an empty SQLite file."""
    init = [sys.executable, str(ROOT / "manage.py"), "init_env", "--directory", str(tmp_path)]
    subprocess.run(init, check=True, capture_output=True)
    made = with_env_file({}, root=tmp_path)
    return {
        **made,
        "PATH": os.environ["PATH"],
        "SIGNING_KEY_FILE": str(tmp_path / made["SIGNING_KEY_FILE"]),
        "DATABASE_URL": f"sqlite:///{tmp_path}/control-plane.sqlite3",
    }


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_deployment_check_is_clean_under_a_public_name(environment: dict[str, str]) -> None:
    public = {"ALLOWED_HOSTS": "desk.example.org", "EMAIL_URL": "smtp+tls://u:p@mail.example.org:587"}
    result = manage({**environment, **public}, "check", "--deploy", "--fail-level", "WARNING")
    assert (result.returncode, result.stderr) == (0, "")


def test_a_command_before_the_first_migration_says_what_to_do(environment: dict[str, str]) -> None:
    result = manage(environment, "provision_tenant", "luna", "--name", "Luna")
    assert result.returncode == 69
    assert "manage.py migrate" in result.stderr
    assert "Traceback" not in result.stderr


def test_sqlite_keeps_committed_releases_and_lets_readers_in(environment: dict[str, str]) -> None:
    code = (
        "from django.db import connection as c; u = c.cursor(); "
        "print([u.execute(f'PRAGMA {p}').fetchone()[0] for p in ('journal_mode', 'synchronous', 'busy_timeout')])"
    )
    full = 2
    assert manage(environment, "shell", "--no-imports", "-c", code).stdout.strip() == f"['wal', {full}, 5000]"


@pytest.fixture
def address(environment: dict[str, str]) -> Iterator[str]:
    """A migrated control plane under uvicorn, on a free port."""
    assert manage(environment, "migrate", "--verbosity", "0").returncode == 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "platform_admin.config.asgi:application", "--port", str(port)]
    process = subprocess.Popen([*command, "--lifespan", "off"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_LIMIT_S
        while not answers(base):
            assert process.poll() is None, "the server ended at once"
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=10)


def answers(base: str) -> bool:
    try:
        return httpx2.get(f"{base}/health", timeout=2, trust_env=False).status_code == httpx2.codes.OK
    except httpx2.TransportError:
        return False


def test_a_runtime_can_pull_its_bundle_from_a_real_server(
    address: str, environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "luna"
    provision = ("provision_tenant", "luna", "--name", "Luna", "--channel", "http_dev", "--output-dir", str(folder))
    assert manage(environment, *provision).returncode == 0
    flow = str(ROOT / "flows/peluqueria_flow.yaml")
    settings = tmp_path / "settings.yaml"
    settings.write_text("channels: [{type: http_dev}]\nconnectors: {calendar: {type: mock_calendar}}\n")
    published = manage(environment, "publish", "luna", "--flow", flow, "--settings-file", str(settings), "--json")
    assert published.returncode == 0, published.stderr

    token = (folder / "runtime_token").read_text().strip()
    answer = httpx2.get(
        f"{address}/api/runtime/v1/tenants/luna/bundle", headers={"Authorization": f"Bearer {token}"}, trust_env=False
    )
    bundle = open_bundle(
        answer.content,
        public_keys=read_public_keys((folder / "bundle_public_keys.json").read_text()),
        tenant="luna",
        floor_serial=0,
        floor_digest=None,
    )
    assert bundle.digest == json.loads(published.stdout)["digest"]


def test_static_files_of_the_admin_are_served(address: str) -> None:
    answer = httpx2.get(f"{address}/static/authoring/css/tokens.css", trust_env=False)
    assert answer.status_code == httpx2.codes.OK
    assert answer.headers["Content-Type"].startswith("text/css")
