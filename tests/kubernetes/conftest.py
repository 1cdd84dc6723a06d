from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from platform_admin.fleet.driver import SecretFile, WantedRuntime
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI, connect
from platform_admin.fleet.drivers.kubernetes.driver import KubernetesDriver
from platform_admin.fleet.drivers.kubernetes.kinds import NAMESPACES
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.kubelet import Kubelet


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.kubernetes)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    programs = os.environ.get("FRONTDESK_KUBERNETES_BIN")
    assert programs, "run these with `make test-kubernetes`, which brings the programs"
    cluster = Cluster(Path(programs), tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def api(cluster: Cluster) -> Iterator[KubernetesAPI]:
    """An administrator's."""
    api = KubernetesAPI(connect(cluster.kubeconfig))
    yield api
    api.close()


@pytest.fixture
def settings(api: KubernetesAPI, request: pytest.FixtureRequest) -> KubernetesSettings:
    """A namespace for each test."""
    name = f"test-{abs(hash(request.node.nodeid)):x}"[:40]
    api.apply(NAMESPACES, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}, force=False)
    return KubernetesSettings(namespace=name, domain="example.org", ingress_class="nginx", tls_secret="wildcard-tls")


@pytest.fixture
def driver(cluster: Cluster, settings: KubernetesSettings) -> Iterator[KubernetesDriver]:
    driver = KubernetesDriver(KubernetesAPI(connect(cluster.kubeconfig)), settings)
    yield driver
    driver.close()


@pytest.fixture
def kubelet(cluster: Cluster) -> Iterator[Kubelet]:
    api = KubernetesAPI(connect(cluster.kubeconfig))
    with Kubelet(api) as kubelet:
        yield kubelet
    api.close()


@pytest.fixture
def wanted() -> WantedRuntime:
    return WantedRuntime(
        "luna",
        image="registry.example.org/frontdesk-runtime:1",
        environment={"CONTROL_PLANE_URL": "http://control-plane:8001", "TENANT_ID": "luna"},
        secrets=(
            SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", "token\n"),
            SecretFile("TENANT_FERNET_KEYS_FILE", "tenant_fernet_keys", "keys\n"),
        ),
    )
