"""What a wish does to the cluster, whatever state the cluster is in."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import RuntimeState, WantedRuntime
from platform_admin.fleet.drivers.errors import EngineUnreachableError, RefusedError
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI, connect
from platform_admin.fleet.drivers.kubernetes.driver import KubernetesDriver
from platform_admin.fleet.drivers.kubernetes.failures import StatusError
from platform_admin.fleet.drivers.kubernetes.kinds import (
    INGRESSES,
    NETWORK_POLICIES,
    OLD_BUDGETS,
    SECRETS,
    SERVICES,
    STATEFUL_SETS,
    VOLUME_CLAIMS,
    Kind,
)
from platform_admin.fleet.drivers.kubernetes.manifests.network_policy import network_policy
from platform_admin.fleet.drivers.kubernetes.names import ours_of
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings
from tests.kubernetes.cluster import Cluster
from tests.kubernetes.waiting import eventually

NAME = "frontdesk-luna"
KINDS = (INGRESSES, OLD_BUDGETS, NETWORK_POLICIES, SECRETS, SERVICES, STATEFUL_SETS, VOLUME_CLAIMS)


def names(api: KubernetesAPI, settings: KubernetesSettings, kind: Kind) -> list[str]:
    found: list[Any] = api.objects(kind, namespace=settings.namespace, selector=ours_of("luna"))
    return sorted(one["metadata"]["name"] for one in found)


def get(api: KubernetesAPI, settings: KubernetesSettings, kind: Kind, name: str = NAME) -> Any:
    found = api.get(kind, namespace=settings.namespace, name=name)
    assert found is not None, f"there is no {kind.name} {name}"
    return found


def change(api: KubernetesAPI, settings: KubernetesSettings, kind: Kind, by_hand: JSONObject) -> None:
    api.merge(kind, namespace=settings.namespace, name=NAME, change=by_hand)


def test_a_volume_made_from_a_snapshot_is_taken_on_as_the_tenants_own(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    """As docs/operations.md puts a copy back."""
    source: JSONObject = {"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot", "name": "luna-20260105"}
    labels: JSONObject = {"app.kubernetes.io/managed-by": "frontdesk", "frontdesk/tenant": "luna"}
    by_hand: JSONObject = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": f"{NAME}-state", "namespace": settings.namespace, "labels": labels},
        "spec": {
            "dataSource": source,
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    path = VOLUME_CLAIMS.path(namespace=settings.namespace, name=f"{NAME}-state")
    apply_as(api, path, by_hand, manager="kubectl", force=False)
    made = get(api, settings, VOLUME_CLAIMS, f"{NAME}-state")
    driver.apply(wanted)
    found = get(api, settings, VOLUME_CLAIMS, f"{NAME}-state")
    assert (found["metadata"]["uid"], found["spec"]["dataSource"]) == (made["metadata"]["uid"], source)


def test_the_server_takes_every_object(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    driver.apply(wanted)
    for kind in KINDS:
        assert names(api, settings, kind) == [f"{NAME}-state" if kind is VOLUME_CLAIMS else NAME], kind.name
    sent: Any = network_policy("luna", settings)
    assert get(api, settings, NETWORK_POLICIES)["spec"] == sent["spec"]
    assert get(api, settings, OLD_BUDGETS)["spec"]["maxUnavailable"] == 1
    token = get(api, settings, SECRETS)["data"]["runtime_token"]
    assert base64.b64decode(token) == b"token\n"


def test_asking_again_writes_nothing(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    driver.apply(wanted)
    eventually(lambda: get(api, settings, STATEFUL_SETS)["status"].get("replicas") == 1)
    before = {kind: get(api, settings, kind)["metadata"] for kind in (SECRETS, SERVICES, NETWORK_POLICIES, INGRESSES)}
    generation = get(api, settings, STATEFUL_SETS)["metadata"]["generation"]
    driver.apply(wanted)
    for kind, meta in before.items():
        assert get(api, settings, kind)["metadata"]["resourceVersion"] == meta["resourceVersion"], kind.name
    assert get(api, settings, STATEFUL_SETS)["metadata"]["generation"] == generation


DRIFT: dict[str, tuple[Kind, JSONObject]] = {
    "scaled by hand": (STATEFUL_SETS, {"spec": {"replicas": 3}}),
    "scaled to nothing by hand": (STATEFUL_SETS, {"spec": {"replicas": 0}}),
    "a service that selects other pods": (SERVICES, {"spec": {"selector": {"frontdesk/tenant": "sol"}}}),
    "a network policy that forbids nothing": (NETWORK_POLICIES, {"spec": {"egress": [{}]}}),
    "another host at the ingress": (INGRESSES, {"spec": {"rules": [{"host": "elsewhere.example.org"}]}}),
    "another secret": (SECRETS, {"data": {"runtime_token": "b3RoZXI="}}),
}


@pytest.mark.parametrize(("kind", "by_hand"), DRIFT.values(), ids=DRIFT)
def test_what_was_changed_by_hand_is_mended(
    driver: KubernetesDriver,
    api: KubernetesAPI,
    settings: KubernetesSettings,
    wanted: WantedRuntime,
    kind: Kind,
    by_hand: JSONObject,
) -> None:
    driver.apply(wanted)
    part = "data" if kind is SECRETS else "spec"
    right = get(api, settings, kind)[part]
    change(api, settings, kind, by_hand)
    assert get(api, settings, kind)[part] != right
    assert driver.seen()["luna"].fingerprint == ""  # so that the orchestrator asks for it again
    driver.apply(wanted)
    assert driver.seen()["luna"].fingerprint == wanted.fingerprint
    assert get(api, settings, kind)[part] == right


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not VOLUME_CLAIMS], ids=lambda kind: kind.plural)
def test_what_was_deleted_by_hand_is_made_again(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime, kind: Kind
) -> None:
    driver.apply(wanted)
    first = get(api, settings, kind)
    api.delete(kind, {**first, "metadata": first["metadata"]})
    eventually(lambda: api.get(kind, namespace=settings.namespace, name=NAME) is None)
    assert kind is STATEFUL_SETS or driver.seen()["luna"].fingerprint == ""
    driver.apply(wanted)
    assert get(api, settings, kind)["metadata"]["uid"] != first["metadata"]["uid"]


def test_a_field_that_another_manager_took_is_taken_back_and_the_others_are_left_to_it(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    driver.apply(wanted)
    theirs: JSONObject = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": NAME, "namespace": settings.namespace, "annotations": {"example.org/team": "blue"}},
        "spec": {"template": {"spec": {"nodeSelector": {"disk": "ssd"}, "terminationGracePeriodSeconds": 1}}},
    }
    path = STATEFUL_SETS.path(namespace=settings.namespace, name=NAME)
    apply_as(api, path, theirs, manager="blue", force=True)
    driver.apply(wanted)
    present = get(api, settings, STATEFUL_SETS)
    assert present["metadata"]["annotations"]["example.org/team"] == "blue"
    pod = present["spec"]["template"]["spec"]
    assert (pod["nodeSelector"], pod["terminationGracePeriodSeconds"]) == ({"disk": "ssd"}, 30)
    with pytest.raises(StatusError) as refusal:  # now the other one is told of the conflict, as the field is ours
        apply_as(api, path, theirs, manager="blue", force=False)
    assert (refusal.value.status, refusal.value.reason) == (409, "Conflict")
    assert "terminationGracePeriodSeconds" in refusal.value.message


def apply_as(api: KubernetesAPI, path: str, manifest: JSONObject, *, manager: str, force: bool) -> None:
    query = {"fieldManager": manager, "force": "true" if force else ""}
    api._ask("PATCH", path, query=query, body=manifest, content_type="application/apply-patch+yaml")


def test_an_object_of_the_same_name_that_is_not_ours_is_left_alone(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    theirs: JSONObject = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": NAME, "namespace": settings.namespace},
        "spec": {"selector": {"app": "shop"}, "ports": [{"port": 8002, "targetPort": 80, "protocol": "TCP"}]},
    }
    apply_as(api, SERVICES.path(namespace=settings.namespace, name=NAME), theirs, manager="shop", force=False)
    before = get(api, settings, SERVICES)
    with pytest.raises(RefusedError, match="there is a Service frontdesk-luna that is not ours"):
        driver.apply(wanted)
    assert get(api, settings, SERVICES) == before
    assert api.get(STATEFUL_SETS, namespace=settings.namespace, name=NAME) is None
    driver.remove("luna", keep_volume=False)
    assert get(api, settings, SERVICES) == before


def test_what_is_not_wished_any_more_is_pruned_and_nothing_else(
    driver: KubernetesDriver,
    cluster: Cluster,
    api: KubernetesAPI,
    settings: KubernetesSettings,
    wanted: WantedRuntime,
) -> None:
    driver.apply(wanted)
    driver.apply(replace(wanted, tenant="sol"))
    without_ingress = KubernetesDriver(KubernetesAPI(connect(cluster.kubeconfig)), replace(settings, domain=""))
    without_ingress.apply(wanted)
    without_ingress.close()
    assert names(api, settings, INGRESSES) == []
    assert get(api, settings, INGRESSES, "frontdesk-sol")
    for kind in KINDS:
        assert kind is INGRESSES or names(api, settings, kind), kind.name


def test_a_volume_grows_when_the_operator_says_so_and_never_goes_by_pruning(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    driver.apply(wanted)
    old = get(api, settings, VOLUME_CLAIMS, f"{NAME}-state")
    other: JSONObject = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {
            "name": "frontdesk-luna-older",
            "namespace": settings.namespace,
            "labels": {**old["metadata"]["labels"]},
        },
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    api.apply(VOLUME_CLAIMS, other, force=False)
    driver.apply(wanted)
    assert names(api, settings, VOLUME_CLAIMS) == ["frontdesk-luna-older", f"{NAME}-state"]


def test_a_server_that_dies_half_way_is_told_the_rest_when_it_is_back(
    cluster: Cluster, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    dying = DyingAPI(KubernetesAPI(connect(cluster.kubeconfig)), cluster, after=3)
    driver = KubernetesDriver(dying, settings)
    try:
        with pytest.raises(EngineUnreachableError, match="Kubernetes does not answer"):
            driver.apply(wanted)
        with pytest.raises(EngineUnreachableError):
            driver.seen()
    finally:
        cluster.start_api_server()
    there = [kind.name for kind in KINDS if names(api, settings, kind)]
    assert there == ["NetworkPolicy", "Secret", "PersistentVolumeClaim"]
    driver.apply(wanted)
    assert [kind.name for kind in KINDS if names(api, settings, kind)] == [kind.name for kind in KINDS]
    eventually(lambda: driver.seen()["luna"].state is RuntimeState.RESTARTING)
    driver.close()


class DyingAPI(KubernetesAPI):
    """Kills the server after so many applied objects."""

    def __init__(self, inner: KubernetesAPI, cluster: Cluster, *, after: int) -> None:
        super().__init__(inner._client)
        self._cluster = cluster
        self._left = after

    def apply(self, kind: Kind, manifest: JSONObject, *, force: bool) -> JSONObject:
        if self._left == 0:
            self._cluster.kill_api_server()
        self._left -= 1
        return super().apply(kind, manifest, force=force)
