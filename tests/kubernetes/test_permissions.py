"""The driver as a service account with the shipped rules: they are enough, and none of them is too much."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.errors import RefusedError
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI, connect
from platform_admin.fleet.drivers.kubernetes.driver import KubernetesDriver
from platform_admin.fleet.drivers.kubernetes.failures import StatusError
from platform_admin.fleet.drivers.kubernetes.kinds import NAMESPACES, PODS, SECRETS, STATEFUL_SETS, Kind
from platform_admin.fleet.drivers.kubernetes.names import OURS
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.waiting import eventually

SHIPPED = Path("deploy/kubernetes")
ACCOUNT = "frontdesk-orchestrator"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
KINDS = {
    "Namespace": NAMESPACES,
    "ServiceAccount": Kind("ServiceAccount", "/api/v1", "serviceaccounts"),
    "Role": Kind("Role", RBAC, "roles"),
    "RoleBinding": Kind("RoleBinding", RBAC, "rolebindings"),
    "ClusterRole": Kind("ClusterRole", RBAC, "clusterroles", namespaced=False),
    "ClusterRoleBinding": Kind("ClusterRoleBinding", RBAC, "clusterrolebindings", namespaced=False),
}
VERBS = {"GET": "get", "PATCH": "patch", "DELETE": "delete", "POST": "create"}
ONE = "driver-in-one-namespace.yaml"
MANY = "driver-in-many-namespaces.yaml"

type Right = tuple[str, str, str]
"""API group, resource, verb."""


def shipped(name: str) -> list[Any]:
    return list(yaml.safe_load_all((SHIPPED / name).read_text(encoding="utf-8")))


def rights(name: str) -> set[Right]:
    (role,) = [one for one in shipped(name) if one["kind"] in {"Role", "ClusterRole"}]
    return {
        (group, resource, verb)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


class WatchedAPI(KubernetesAPI):
    """Notes what it asks for, in the words of RBAC."""

    def __init__(self, kubeconfig: Path) -> None:
        super().__init__(connect(kubeconfig))
        self.used: set[Right] = set()

    def _send(self, method: str, path: str, *, query: Mapping[str, str] | None = None, **request: Any) -> Any:
        self.used |= {*_rights_for(method, path, dict(query or {}))}
        return super()._send(method, path, query=query, **request)


def _rights_for(method: str, path: str, query: dict[str, str]) -> list[Right]:
    parts = path.strip("/").split("/")
    group, rest = ("", parts[2:]) if parts[0] == "api" else (parts[1], parts[3:])
    if not rest:
        return []  # discovery, which everybody may
    if rest[0] == "namespaces" and len(rest) > 2:
        rest = rest[2:]
    resource = rest[0] if len(rest) < 3 else f"{rest[0]}/{rest[2]}"
    verb = VERBS[method]
    if method == "GET" and len(rest) == 1:
        verb = "watch" if query.get("watch") else "list"
    found = [(group, resource, verb)]
    if verb == "patch" and query.get("force"):  # an apply makes what is not there
        found.append((group, resource, "create"))
    return found


def account(cluster: Cluster, api: KubernetesAPI, folder: Path, *, namespace: str, rules: str) -> WatchedAPI:
    """A service account with the shipped rules, in ``namespace``; its connection."""
    for manifest in shipped(rules):
        moved = yaml.safe_load(yaml.safe_dump(manifest).replace("namespace: frontdesk\n", f"namespace: {namespace}\n"))
        api.apply(KINDS[moved["kind"]], moved, force=True)
    path = KINDS["ServiceAccount"].path(namespace=namespace, name=f"{ACCOUNT}/token")
    asked: JSONObject = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    answer: Any = api._ask("POST", path, body=asked)
    kubeconfig = folder / "account.kubeconfig"
    kubeconfig.write_text(cluster.kubeconfig_for(answer["status"]["token"]))
    return WatchedAPI(kubeconfig)


def live_a_life(driver: KubernetesDriver, api: WatchedAPI, wanted: WantedRuntime, namespace: str) -> None:
    driver.apply(wanted)
    eventually(lambda: driver.readiness("luna").ready)
    assert driver.seen()["luna"].reason == ""
    assert list(driver.logs("luna")) == []
    driver.run_beside(wanted, ("backup", "--hand-over", "ticket"))
    api.objects(PODS, namespace=namespace, selector=OURS)
    assert driver.changed(within_s=1) in {True, False}
    driver.remove("luna", keep_volume=False)
    eventually(lambda: "luna" not in driver.seen())


@pytest.mark.usefixtures("kubelet")
def test_one_namespace_is_enough_and_each_right_is_needed(
    cluster: Cluster, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime, tmp_path: Path
) -> None:
    own = account(cluster, api, tmp_path, namespace=settings.namespace, rules=ONE)
    driver = KubernetesDriver(own, settings)
    live_a_life(driver, own, wanted, settings.namespace)
    # Its own pods' events are asked for while there is no pod, which is over too soon to be met by chance.
    own.objects(Kind("Event", "/api/v1", "events"), namespace=settings.namespace)
    assert own.used == rights(ONE)
    driver.close()


def test_what_the_driver_does_not_need_it_may_not(
    cluster: Cluster, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime, tmp_path: Path
) -> None:
    own = account(cluster, api, tmp_path, namespace=settings.namespace, rules=ONE)
    elsewhere = KubernetesDriver(own, KubernetesSettings(namespace="kube-system"))
    for forbidden in (elsewhere.seen, lambda: elsewhere.apply(wanted), lambda: elsewhere.remove("x", keep_volume=True)):
        with pytest.raises(RefusedError, match=r"The engine refuses .* is forbidden"):
            forbidden()
    assert api.objects(STATEFUL_SETS, namespace="kube-system") == []
    pods = PODS.path(namespace=settings.namespace)
    for method, path in (
        ("POST", pods),
        ("POST", f"{PODS.path(namespace=settings.namespace, name='frontdesk-luna-0')}/exec"),
        ("POST", f"{RBAC}/namespaces/{settings.namespace}/roles"),
        ("GET", SECRETS.path()),
        ("GET", NAMESPACES.path()),
    ):
        with pytest.raises(StatusError) as refusal:
            own._ask(method, path, body=None if method == "GET" else {"metadata": {"name": "x"}})
        assert refusal.value.status == 403, path
    own.close()


@pytest.mark.usefixtures("kubelet")
def test_a_namespace_for_each_tenant_is_made_and_taken_away_with_it(
    cluster: Cluster, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime, tmp_path: Path
) -> None:
    own = account(cluster, api, tmp_path, namespace=settings.namespace, rules=MANY)
    prefix = settings.namespace
    driver = KubernetesDriver(
        own, KubernetesSettings(namespace=prefix, namespace_per_tenant=True, domain="example.org")
    )
    try:
        live_a_life(driver, own, wanted, f"{prefix}-luna")
        own.objects(Kind("Event", "/api/v1", "events"), namespace=prefix)
        assert own.used == rights(MANY)
        gone: Any = api.get(NAMESPACES, namespace="", name=f"{prefix}-luna")
        # This old server's namespace controller may still be at work; that it is on its way out is what counts.
        assert gone is None or gone["metadata"]["deletionTimestamp"]
    finally:
        driver.close()
        api.delete(KINDS["ClusterRoleBinding"], api.get(KINDS["ClusterRoleBinding"], namespace="", name=ACCOUNT) or {})


def test_a_token_that_is_not_known_is_said_in_one_line(
    cluster: Cluster, settings: KubernetesSettings, tmp_path: Path
) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(cluster.kubeconfig_for("guessed"))
    driver = KubernetesDriver(KubernetesAPI(connect(kubeconfig)), settings)
    with pytest.raises(RefusedError, match="its API server does not know our token"):
        driver.seen()
    driver.close()
