"""Whole runtimes, forked from one warm parent."""

from __future__ import annotations

import re
import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flow_engine.bundle import seal
from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import SecretFile, WantedRuntime
from platform_admin.fleet.drivers.interpreter import ROOT
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.drivers.warm_start import WarmStart
from runtime.bundles.cache import BundleCache
from tests.containers.phone import Phone
from tests.platform_admin.fleet.watching_a_runtime import Log, wait_until
from tests.runtime.bundles.bundle_line import KEY, TENANT, payload, secret, write_trust
from tests.runtime.furnishing import SECRET_FILES
from tests.runtime.test_what_a_process_loads import NUMBER, SECRETS, UNWANTED

OURS = {"connectors", "flow_engine", "runtime"}
LIVE = '"message": "bundle 1 is live"'

_IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)$", re.MULTILINE)


def release() -> bytes:
    """WhatsApp and the scheduler, and a channel's secrets: what every production tenant has."""
    sealed: JSONObject = {f"channels.0.{name}": secret(f"channels.0.{name}", value) for name, value in SECRETS.items()}
    channels: list[JSONObject] = [{"type": "whatsapp", "phone_number_id": NUMBER}]
    return seal(payload(1, channels=list(channels), secrets=sealed), KEY)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def driver(tmp_path: Path, log: Log) -> Iterator[ProcessDriver]:
    """Its processes say what they load."""
    start = WarmStart((sys.executable, "-X", "importtime", "-m", "runtime.nursery"))
    driver = ProcessDriver(tmp_path / "tenants", starter=start, on_line=log)
    yield driver
    driver.close()


def with_a_flow(tenant: str, folder: Path) -> WantedRuntime:
    """A runtime that needs no control plane."""
    written = (ROOT / "tests" / "configs" / "dev_tenant.yaml").read_text()
    configuration = folder / f"{tenant}.yaml"
    configuration.write_text(written.replace("tenant_id: my_business", f"tenant_id: {tenant}"))
    return WantedRuntime(tenant, environment={"TENANT_CONFIG_PATH": str(configuration)}, port=free_port())


def contacts(state: Path) -> set[str]:
    with closing(sqlite3.connect(state / "state.sqlite3")) as connection:
        return {row[0] for row in connection.execute("SELECT contact_id FROM conversation")}


def test_two_runtimes_of_one_parent_serve_their_own_customers(driver: ProcessDriver, tmp_path: Path) -> None:
    speaks = {"luna": "ana", "sol": "bea"}
    for tenant, contact in speaks.items():
        wanted = with_a_flow(tenant, tmp_path)
        driver.apply(wanted)
        wait_until(lambda tenant=tenant: driver.readiness(tenant).ready)  # type: ignore[misc] # bound now
        assert Phone(f"http://127.0.0.1:{wanted.port}", contact).say("hola", offers="")
    assert {tenant: contacts(driver.state_folder(tenant)) for tenant in speaks} == {"luna": {"ana"}, "sol": {"bea"}}


def test_a_forked_runtime_has_nothing_of_ours_left_to_load_and_its_parent_nothing_unwanted(
    driver: ProcessDriver, log: Log, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_trust(tmp_path)
    BundleCache(driver.state_folder(TENANT) / "bundles").store(release(), 1)
    secrets = tuple(
        SecretFile(variable, name, (tmp_path / name).read_text()) for variable, name in SECRET_FILES.items()
    )
    environment = {"CONTROL_PLANE_URL": "http://127.0.0.1:1", "TENANT_ID": TENANT}
    driver.apply(WantedRuntime(TENANT, environment=environment, secrets=secrets, port=free_port()))
    wait_until(lambda: any("takes no report" in line for _, line in log.lines))  # the last that a start leads to
    assert driver.readiness(TENANT).ready
    driver.close()
    by_child = {name for _, line in log.lines for name in _IMPORTED.findall(line)}
    by_parent = set(_IMPORTED.findall(capfd.readouterr().err))
    assert {name for name in by_child if name.partition(".")[0] in OURS} == set()
    loaded = {name.partition(".")[0] for name in by_parent | by_child}
    assert {"runtime", "flow_engine", "starlette", "apscheduler", "httpx2", "uvloop", "httptools"} <= loaded
    assert loaded & UNWANTED == set()
