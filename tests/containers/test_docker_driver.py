"""The docker driver against a real engine: the promises of every driver, and what containers promise besides."""

from __future__ import annotations

import gc
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import docker
import pytest

from flow_engine.bundle.keys import PublicKey, write_public_keys
from platform_admin.fleet.driver import MEGABYTE, Resources, RuntimeState, SecretFile, WantedRuntime
from platform_admin.fleet.drivers.docker.driver import DockerDriver
from platform_admin.fleet.drivers.docker.engine import connect
from platform_admin.fleet.drivers.errors import EngineUnreachableError, ImageMissingError, ImageOnItsWayError
from tests.containers.stack import podman
from tests.platform_admin.fleet.contract.runtime_driver_contract import RuntimeDriverContract

pytestmark = pytest.mark.containers

FLEET = "drivertest"
TOKEN = "a-token-that-shall-stand-nowhere-else"
# Runs without a control plane: it waits for one, is not ready meanwhile, and stops at once when it is told to.
PUBLIC_KEYS = write_public_keys([PublicKey.from_raw(bytes(32))])
ENVIRONMENT = {"CONTROL_PLANE_URL": "http://127.0.0.1:9", "TENANT_ID": "luna"}


@pytest.fixture(scope="module")
def client(runtime_image: str) -> Iterator[docker.DockerClient]:
    client = connect(os.environ["DOCKER_HOST"])
    yield client
    driver = DockerDriver(client, fleet=FLEET)
    for tenant in driver.seen():
        driver.remove(tenant, keep_volume=False)
    client.close()


@pytest.fixture
def driver(client: docker.DockerClient) -> Iterator[DockerDriver]:
    driver = DockerDriver(client, fleet=FLEET)
    yield driver
    for tenant in driver.seen():
        driver.remove(tenant, keep_volume=False)


@pytest.fixture
def wanted(runtime_image: str) -> WantedRuntime:
    secrets = (
        SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", f"{TOKEN}\n"),
        SecretFile("TENANT_FERNET_KEYS_FILE", "tenant_fernet_keys", f"{'A' * 43}=\n"),
        SecretFile("BUNDLE_PUBLIC_KEYS_FILE", "bundle_public_keys.json", PUBLIC_KEYS),
    )
    limits = Resources(memory_bytes=200 * MEGABYTE, cpu_millis=500, processes=64)
    return WantedRuntime("luna", image=runtime_image, environment=ENVIRONMENT, secrets=secrets, resources=limits)


def inspected(tenant: str) -> dict[str, Any]:
    (found,) = json.loads(podman("inspect", f"{FLEET}-{tenant}"))
    assert isinstance(found, dict)
    return found


class TestDockerDriver(RuntimeDriverContract):
    def test_the_container_is_locked_down_and_limited(self, driver: DockerDriver, wanted: WantedRuntime) -> None:
        driver.apply(wanted)
        self.runs(driver, "luna")
        host = inspected("luna")["HostConfig"]
        assert (host["Memory"], host["NanoCpus"], host["PidsLimit"]) == (200 * MEGABYTE, 500_000_000, 64)
        assert host["ReadonlyRootfs"] is True
        assert host["RestartPolicy"]["Name"] == "unless-stopped"
        assert [published for published in (host["PortBindings"] or {}).values() if published] == []
        status = podman("exec", f"{FLEET}-luna", "cat", "/proc/1/status")
        assert [line for line in status.splitlines() if line.startswith(("CapEff", "NoNewPrivs"))] == [
            "CapEff:\t0000000000000000",
            "NoNewPrivs:\t1",
        ]
        assert "Uid:\t10001" in status

    def test_a_secret_is_a_file_and_stands_nowhere_else(self, driver: DockerDriver, wanted: WantedRuntime) -> None:
        driver.apply(wanted)
        self.runs(driver, "luna")
        assert podman("exec", f"{FLEET}-luna", "cat", "/run/tenant/runtime_token") == f"{TOKEN}\n"
        listed = podman("exec", f"{FLEET}-luna", "ls", "-ln", "/run/tenant").splitlines()[1:]
        assert {(line.split()[0][:10], line.split()[2]) for line in listed} == {("-rw-------", "10001")}
        told = json.dumps(inspected("luna")) + podman(
            "exec", f"{FLEET}-luna", "cat", "/proc/1/environ", "/proc/1/cmdline"
        )
        assert "RUNTIME_TOKEN_FILE" in told
        assert TOKEN not in told + "\n".join(driver.logs("luna"))
        renewed = replace(wanted.secrets[0], content="another\n")
        driver.apply(replace(wanted, secrets=(renewed, *wanted.secrets[1:])))
        assert podman("exec", f"{FLEET}-luna", "cat", "/run/tenant/runtime_token") == "another\n"

    def test_one_killed_from_outside_is_started_again(self, driver: DockerDriver, wanted: WantedRuntime) -> None:
        driver.apply(wanted)
        self.runs(driver, "luna")
        os.kill(int(inspected("luna")["State"]["Pid"]), signal.SIGKILL)
        self.settle(driver, "luna", lambda _: int(inspected("luna")["RestartCount"]) > 0)
        assert self.runs(driver, "luna").fingerprint == wanted.fingerprint

    def test_one_stopped_by_hand_says_why_and_runs_again_when_asked(
        self, driver: DockerDriver, wanted: WantedRuntime
    ) -> None:
        driver.apply(wanted)
        # Process 1 is deaf to a wish to stop until it serves.
        self.settle(driver, "luna", lambda _: driver.readiness("luna").reason != "it does not answer yet")
        podman("stop", "--time", "20", f"{FLEET}-luna")
        stopped = driver.seen()["luna"]
        assert (stopped.state, stopped.reason) == (RuntimeState.STOPPED, "ended with status 0")
        driver.apply(wanted)
        self.runs(driver, "luna")

    def test_a_half_deleted_tenant_is_seen_and_made_whole_or_deleted(
        self, driver: DockerDriver, wanted: WantedRuntime
    ) -> None:
        driver.apply(wanted)
        self.runs(driver, "luna")
        podman("rm", "--force", "--time", "0", f"{FLEET}-luna")
        podman("volume", "rm", f"{FLEET}-luna-secrets")
        left = driver.seen()["luna"]
        assert (left.state, left.has_volume) == (RuntimeState.ABSENT, True)
        driver.apply(wanted)
        self.runs(driver, "luna")

    def test_an_image_that_is_not_there_is_told_and_the_running_one_stays(
        self, driver: DockerDriver, wanted: WantedRuntime
    ) -> None:
        driver.apply(wanted)
        before = self.runs(driver, "luna")
        nobodys = replace(wanted, image="localhost/nobody:1")
        with pytest.raises(ImageOnItsWayError):
            driver.apply(nobodys)
        assert driver.wait_for_images()
        with pytest.raises(ImageMissingError, match=r"localhost/nobody:1 for luna is not there \(.+\)\. Build"):
            driver.apply(nobodys)
        assert driver.seen()["luna"] == before


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # docker's client leaves it to the collector
def test_an_engine_that_is_not_there_is_told_in_one_line() -> None:
    with pytest.raises(
        EngineUnreachableError, match=r"^The container engine does not answer \(.+\)\. Start it; [^\n]+$"
    ):
        connect("unix:///nowhere/engine.sock").ping()
    gc.collect()  # here, not in whichever test comes next
