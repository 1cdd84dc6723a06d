"""Bad luck and bad input: each is said in one line, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import RuntimeState, WantedRuntime
from platform_admin.fleet.drivers.errors import EngineUnreachableError, QuotaExceededError, RefusedError
from platform_admin.fleet.drivers.kubernetes.api import PAGE, KubernetesAPI, connect
from platform_admin.fleet.drivers.kubernetes.driver import KubernetesDriver
from platform_admin.fleet.drivers.kubernetes.kinds import NAMESPACES, PODS, STATEFUL_SETS, VOLUME_CLAIMS, Kind
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings
from tests.fakes.threaded_server import ThreadedServer
from tests.kubernetes import kubelet
from tests.kubernetes.cluster import Cluster, free_port
from tests.kubernetes.waiting import eventually

NAME = "frontdesk-luna"
QUOTAS = Kind("ResourceQuota", "/api/v1", "resourcequotas")


def set_quota(api: KubernetesAPI, settings: KubernetesSettings, hard: dict[str, str]) -> None:
    quota: JSONObject = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "small", "namespace": settings.namespace},
        "spec": {"hard": {**hard}},
    }
    api.apply(QUOTAS, quota, force=True)

    def counted() -> bool:
        found: Any = api.get(QUOTAS, namespace=settings.namespace, name="small")
        return bool(found["status"].get("hard") == hard and found["status"].get("used"))

    eventually(counted)


def test_a_quota_of_objects_refuses_the_wish(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    set_quota(api, settings, {"persistentvolumeclaims": "0"})
    with pytest.raises(
        QuotaExceededError, match=r"^There is no room for luna: .*exceeded quota: small.*Raise the quota"
    ):
        driver.apply(wanted)
    assert api.objects(STATEFUL_SETS, namespace=settings.namespace) == []
    set_quota(api, settings, {"persistentvolumeclaims": "1"})
    driver.apply(wanted)
    assert api.get(STATEFUL_SETS, namespace=settings.namespace, name=NAME) is not None


def test_a_quota_of_memory_lets_no_pod_come_and_is_told(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    set_quota(api, settings, {"limits.memory": "100Mi"})
    driver.apply(wanted)
    eventually(lambda: driver.seen()["luna"].state is RuntimeState.FAILED)
    reason = driver.seen()["luna"].reason
    assert "exceeded quota: small, requested: limits.memory=256Mi" in reason
    assert "\n" not in reason
    assert driver.readiness("luna").reason == reason


def pod_of(api: KubernetesAPI, settings: KubernetesSettings) -> Any:
    def there() -> bool:
        return api.get(PODS, namespace=settings.namespace, name=f"{NAME}-0") is not None

    eventually(there)
    return api.get(PODS, namespace=settings.namespace, name=f"{NAME}-0")


def test_an_image_that_cannot_be_pulled_is_told_and_another_one_replaces_the_pod(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    driver.apply(wanted)
    pod = pod_of(api, settings)
    kubelet.put_status(api, pod, kubelet.waiting(pod, "ImagePullBackOff", "Back-off pulling image"))
    seen = driver.seen()["luna"]
    assert (seen.state, seen.image) == (RuntimeState.FAILED, wanted.image)
    assert seen.reason == (
        f"The image {wanted.image} for luna is not there. Build or push it, or choose another version."
    )
    better = replace(wanted, image="registry.example.org/frontdesk-runtime:2")
    driver.apply(better)  # a pod that never got ready does not stand in the way of the next
    eventually(lambda: driver.seen()["luna"].fingerprint == better.fingerprint)


def test_a_tenant_that_is_half_deleted_is_told_and_made_anew_when_it_is_gone(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    driver.apply(wanted)
    hold: JSONObject = {"metadata": {"finalizers": ["example.org/keep"]}}
    api.merge(STATEFUL_SETS, namespace=settings.namespace, name=NAME, change=hold)
    driver.remove("luna", keep_volume=True)
    seen = driver.seen()["luna"]
    assert seen.state is RuntimeState.FAILED
    assert seen.reason.startswith("StatefulSet frontdesk-luna is being deleted since ")
    assert seen.reason.endswith(" and held by example.org/keep")
    with pytest.raises(RefusedError, match=r"held by example.org/keep; once it is gone it is made anew$"):
        driver.apply(wanted)
    driver.remove("luna", keep_volume=True)  # asking again is no trouble
    let_go: JSONObject = {"metadata": {"finalizers": []}}
    api.merge(STATEFUL_SETS, namespace=settings.namespace, name=NAME, change=let_go)
    eventually(lambda: driver.seen()["luna"].state is RuntimeState.ABSENT)
    driver.apply(wanted)
    assert driver.seen()["luna"].state is not RuntimeState.ABSENT


def test_a_namespace_that_is_being_deleted_is_told(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    driver.apply(wanted)
    hold: JSONObject = {"metadata": {"finalizers": ["example.org/keep"]}}
    api.merge(VOLUME_CLAIMS, namespace=settings.namespace, name=f"{NAME}-state", change=hold)
    api.delete(NAMESPACES, api.get(NAMESPACES, namespace="", name=settings.namespace) or {})
    eventually(lambda: api.get(STATEFUL_SETS, namespace=settings.namespace, name=NAME) is None)
    with pytest.raises(RefusedError, match=r"luna: .*(is being deleted since|being terminated)"):
        driver.apply(wanted)
    let_go: JSONObject = {"metadata": {"finalizers": []}}
    api.merge(VOLUME_CLAIMS, namespace=settings.namespace, name=f"{NAME}-state", change=let_go)


def test_nobody_there_is_said_and_is_never_an_empty_fleet(
    cluster: Cluster, settings: KubernetesSettings, tmp_path: Path
) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(cluster.kubeconfig_for("token").replace(f":{cluster.port}", f":{free_port()}"))
    driver = KubernetesDriver(KubernetesAPI(connect(kubeconfig)), settings)
    with pytest.raises(EngineUnreachableError, match=r"^Kubernetes does not answer \(.*\)\. Start it"):
        driver.seen()
    driver.close()


def test_no_configuration_is_said() -> None:
    with pytest.raises(EngineUnreachableError, match="Kubernetes does not answer"):
        connect(Path("/nowhere/kubeconfig"))


NO_LISTS: dict[str, bytes] = {
    "an empty object": b"{}",
    "a list without a kind": b'{"items": [], "metadata": {"resourceVersion": "1"}}',
    "a list of something else": b'{"kind": "PodList", "items": [], "metadata": {"resourceVersion": "1"}}',
    "a proxy's page": b"<html>All is well</html>",
}


@pytest.mark.parametrize("body", NO_LISTS.values(), ids=NO_LISTS)
def test_what_is_no_list_is_never_taken_for_an_empty_one(
    body: bytes, settings: KubernetesSettings, cluster: Cluster, tmp_path: Path
) -> None:
    with ThreadedServer(Response(body, media_type="application/json")) as server:
        kubeconfig = tmp_path / "kubeconfig"
        kubeconfig.write_text(cluster.kubeconfig_for("t").replace(f"https://127.0.0.1:{cluster.port}", server.url))
        driver = KubernetesDriver(KubernetesAPI(connect(kubeconfig)), settings)
        for ask in _verbs_that_list(driver):
            with pytest.raises(EngineUnreachableError):
                ask()
        driver.close()


def _verbs_that_list(driver: KubernetesDriver) -> list[Callable[[], object]]:
    return [
        driver.seen,
        lambda: driver.readiness("luna"),
        lambda: driver.remove("luna", keep_volume=False),
        lambda: driver.apply(WantedRuntime("luna", image="x")),
    ]


def test_a_list_of_many_pages_is_whole_even_if_it_expires_half_way(
    cluster: Cluster, api: KubernetesAPI, settings: KubernetesSettings
) -> None:
    small = Kind("ConfigMap", "/api/v1", "configmaps")
    for number in range(7):
        made: JSONObject = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": f"c{number}", "namespace": settings.namespace},
        }
        api.apply(small, made, force=False)
    paging = ForgetfulAPI(KubernetesAPI(connect(cluster.kubeconfig)), cluster)
    found: list[Any] = paging.objects(small, namespace=settings.namespace)
    assert {f"c{number}" for number in range(7)} <= {one["metadata"]["name"] for one in found}
    assert len({one["metadata"]["name"] for one in found}) == len(found)
    assert paging.forgotten == 1
    assert PAGE > 1
    paging.close()


class ForgetfulAPI(KubernetesAPI):
    """Asks for pages of two, and has the server's history dropped between the first and the second."""

    def __init__(self, inner: KubernetesAPI, cluster: Cluster) -> None:
        super().__init__(inner._client)
        self._cluster = cluster
        self._inner = inner
        self.forgotten = 0

    def _ask(self, method: str, path: str, *, query: Any = None, **request: Any) -> JSONObject:
        if query and query.get("continue") and not self.forgotten:
            self.forgotten += 1
            change: JSONObject = {"metadata": {"annotations": {"touched": "1"}}}
            kind = Kind("ConfigMap", "/api/v1", "configmaps")
            self._inner.merge(kind, namespace=path.split("/")[4], name="c6", change=change)
            self._cluster.forget_history()
        limited = {**query, "limit": "2"} if query and "limit" in query else query
        return super()._ask(method, path, query=limited, **request)
