"""What a tenant's container reaches over the network through the docker driver on a real engine, and what it does not.

The engine is asked for its networks over and over, as an orchestrator does: what it forgets then must not matter.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace

import docker
import pytest

from platform_admin.fleet.driver import CONTAINER_PORT, RuntimeState, SecretFile, WantedRuntime
from platform_admin.fleet.drivers.docker.driver import DockerDriver
from platform_admin.fleet.drivers.docker.engine import connect
from platform_admin.fleet.drivers.docker.names import INGRESS
from tests.containers.probe import reaches_only
from tests.containers.stack import podman, until
from tests.containers.test_docker_driver import ENVIRONMENT, PUBLIC_KEYS

pytestmark = pytest.mark.containers

FLEET = "isolationtest"
INGRESS_CONTAINER = f"{FLEET}-ingress"
TENANTS = ("luna", "sol")


@pytest.fixture(scope="module")
def client(runtime_image: str) -> Iterator[docker.DockerClient]:
    client = connect(os.environ["DOCKER_HOST"])
    # Somebody who answers, in the ingress's place.
    podman(
        *("run", "--detach", "--name", INGRESS_CONTAINER, "--label", f"{INGRESS}={FLEET}", "--entrypoint", "python"),
        *(runtime_image, "-m", "http.server", "--directory", "/mnt", "8001"),
    )
    yield client
    podman("rm", "--force", "--time", "0", INGRESS_CONTAINER)
    client.close()


@pytest.fixture
def driver(client: docker.DockerClient, runtime_image: str) -> Iterator[DockerDriver]:
    driver = DockerDriver(client, fleet=FLEET)
    for tenant in TENANTS:
        driver.apply(wish(tenant, runtime_image))
        serves(driver, tenant)
    yield driver
    for tenant in driver.seen():
        driver.remove(tenant, keep_volume=False)


def wish(tenant: str, image: str) -> WantedRuntime:
    secrets = (
        SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", f"token of {tenant}\n"),
        SecretFile("TENANT_FERNET_KEYS_FILE", "tenant_fernet_keys", f"{'A' * 43}=\n"),
        SecretFile("BUNDLE_PUBLIC_KEYS_FILE", "bundle_public_keys.json", PUBLIC_KEYS),
    )
    return WantedRuntime(tenant, image=image, environment={**ENVIRONMENT, "TENANT_ID": tenant}, secrets=secrets)


def serves(driver: DockerDriver, tenant: str) -> None:
    until(lambda: driver.seen()[tenant].state is RuntimeState.RUNNING, f"{tenant} runs")
    until(lambda: driver.readiness(tenant).reason != "it does not answer yet", f"{tenant} answers")


def address_of(tenant: str) -> str:
    (details,) = json.loads(podman("inspect", f"{FLEET}-{tenant}"))
    return str(details["NetworkSettings"]["Networks"][f"{FLEET}-{tenant}"]["IPAddress"])


def neither_reaches_the_other() -> None:
    """Each reaches itself and the ingress, and the ingress reaches both."""
    for tenant, other in (TENANTS, TENANTS[::-1]):
        own, its, ingress = (
            f"{address_of(tenant)}:{CONTAINER_PORT}/health",
            f"{address_of(other)}:{CONTAINER_PORT}/health",
            "ingress:8001/",
        )
        reaches_only(f"{FLEET}-{tenant}", {own: 200, ingress: 200, its: None})
        reaches_only(INGRESS_CONTAINER, {its: 200})


def test_tenants_reach_the_ingress_and_not_each_other(driver: DockerDriver) -> None:
    neither_reaches_the_other()


def test_it_is_so_after_a_stop_and_a_start_alone_in_their_networks_and_after_an_upgrade(
    driver: DockerDriver, runtime_image: str
) -> None:
    """Alone in its network a tenant takes the network's rules down with it, and they are set up anew with it."""
    podman("stop", "--time", "0", INGRESS_CONTAINER)
    for tenant in TENANTS:
        driver.stop(tenant)
    for tenant in TENANTS:
        assert driver.seen()[tenant].state is RuntimeState.STOPPED
        driver.apply(wish(tenant, runtime_image))
        serves(driver, tenant)
    podman("start", INGRESS_CONTAINER)
    reaches_only(INGRESS_CONTAINER, {"127.0.0.1:8001/": 200})
    neither_reaches_the_other()
    for tenant in TENANTS:
        wanted = wish(tenant, runtime_image)
        driver.apply(replace(wanted, environment={**wanted.environment, "GRAPH_VERSION": "v24.0"}))
        serves(driver, tenant)
    neither_reaches_the_other()


def test_those_who_stay_do_not_reach_each_other_when_another_one_goes(driver: DockerDriver, runtime_image: str) -> None:
    driver.apply(wish("mar", runtime_image))
    serves(driver, "mar")
    driver.remove("mar", keep_volume=False)
    neither_reaches_the_other()
    driver.remove("mar", keep_volume=False)  # asked again, as every pass does
    neither_reaches_the_other()


def test_nothing_of_a_removed_tenants_network_is_left(driver: DockerDriver) -> None:
    driver.remove("luna", keep_volume=False)
    assert [name for name in podman("network", "ls", "--format", "{{.Name}}").split() if name.startswith(FLEET)] == [
        f"{FLEET}-sol"
    ]
