"""What is said of a runtime, for what a cluster says of its objects."""

from __future__ import annotations

from typing import Any

import pytest

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import Readiness, RuntimeState, WantedRuntime
from platform_admin.fleet.drivers.kubernetes.manifests import manifests_of
from platform_admin.fleet.drivers.kubernetes.seeing import TenantObjects, readiness, seen_runtime
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings
from tests.kubernetes import kubelet

WANTED = WantedRuntime("luna", image="frontdesk-runtime:1")
MANIFESTS: dict[str, Any] = {str(one["kind"]): one for one in manifests_of(WANTED, KubernetesSettings())}
SET: Any = MANIFESTS["StatefulSet"]
CLAIM = MANIFESTS["PersistentVolumeClaim"]
POD: JSONObject = {**SET["spec"]["template"], "status": {}}
ADDRESS = "frontdesk-luna.frontdesk.svc:8002"


def pod(status: JSONObject) -> JSONObject:
    return {**POD, "status": status}


def being_deleted(found: Any, *finalizers: str) -> JSONObject:
    gone = {"deletionTimestamp": "2026-11-29T12:00:00Z", "finalizers": [*finalizers]}
    return {**found, "metadata": {**found["metadata"], **gone}}


UNSCHEDULABLE: JSONObject = {
    "phase": "Pending",
    "conditions": [
        {
            "type": "PodScheduled",
            "status": "False",
            "reason": "Unschedulable",
            "message": "0/3 nodes are available: 3 Insufficient memory.",
        }
    ],
}
NO_IMAGE = "The image frontdesk-runtime:1 for luna is not there. Build or push it, or choose another version."
HELD = "is being deleted since 2026-11-29T12:00:00Z and held by example.org/keep"

CASES = {
    "a running container runs": (SET, pod(kubelet.running(POD)), RuntimeState.RUNNING, ""),
    "one that is not ready yet runs, too": (SET, pod(kubelet.running(POD, ready=False)), RuntimeState.RUNNING, ""),
    "a pod that nobody has taken is starting": (SET, POD, RuntimeState.RESTARTING, "it is starting"),
    "no pod yet": (SET, None, RuntimeState.RESTARTING, "no pod yet"),
    "an image that is not there": (SET, pod(kubelet.waiting(POD, "ImagePullBackOff")), RuntimeState.FAILED, NO_IMAGE),
    "an image at the first try": (SET, pod(kubelet.waiting(POD, "ErrImagePull")), RuntimeState.FAILED, NO_IMAGE),
    "a secret that is not there": (
        SET,
        pod(kubelet.waiting(POD, "CreateContainerConfigError", 'secret "x"\n not found')),
        RuntimeState.FAILED,
        'CreateContainerConfigError: secret "x" not found',
    ),
    "a crash": (SET, pod(kubelet.ended(POD, 137)), RuntimeState.RESTARTING, "ended with status 137: Error"),
    "a refused configuration": (SET, pod(kubelet.ended(POD, 78)), RuntimeState.FAILED, "ended with status 78: Error"),
    "no node has room": (
        SET,
        pod(UNSCHEDULABLE),
        RuntimeState.FAILED,
        "no node has room for it: 0/3 nodes are available: 3 Insufficient memory.",
    ),
    "scaled to nothing": ({**SET, "spec": {**SET["spec"], "replicas": 0}}, None, RuntimeState.STOPPED, ""),
    "scaled to nothing and ending": (
        {**SET, "spec": {**SET["spec"], "replicas": 0}},
        pod(kubelet.running(POD)),
        RuntimeState.STOPPED,
        "it is ending",
    ),
    "a pod on its way out": (
        SET,
        being_deleted(pod(kubelet.running(POD))),
        RuntimeState.RESTARTING,
        "it is being replaced",
    ),
    "half deleted": (
        being_deleted(SET, "example.org/keep"),
        pod(kubelet.running(POD)),
        RuntimeState.FAILED,
        f"StatefulSet frontdesk-luna {HELD}",
    ),
    "nothing but a volume": (None, None, RuntimeState.ABSENT, ""),
    "a pod that outlives its set": (None, pod(kubelet.running(POD)), RuntimeState.STOPPED, "it is ending"),
}


@pytest.mark.parametrize(("stateful_set", "its_pod", "state", "reason"), CASES.values(), ids=CASES)
def test_a_runtime_is_seen_as(
    stateful_set: JSONObject | None, its_pod: JSONObject | None, state: RuntimeState, reason: str
) -> None:
    objects = TenantObjects("luna", stateful_set, its_pod, CLAIM)
    seen = seen_runtime(objects, address=ADDRESS)
    assert (seen.tenant, seen.state, seen.reason, seen.has_volume) == ("luna", state, reason, True)


def test_why_a_pod_could_not_be_made_is_said() -> None:
    refusal = 'pods "frontdesk-luna-0" is forbidden: exceeded quota'
    seen = seen_runtime(TenantObjects("luna", SET, None, CLAIM, refusal), address=ADDRESS)
    assert (seen.state, seen.reason) == (RuntimeState.FAILED, refusal)


def test_what_runs_is_told_of_the_pod_and_not_of_the_newest_wish() -> None:
    older: Any = {**POD, "metadata": {"annotations": {"frontdesk/fingerprint": "older"}}}
    older = {**older, "status": kubelet.running(older)}
    seen = seen_runtime(TenantObjects("luna", SET, older, CLAIM), address=ADDRESS)
    assert (seen.fingerprint, seen.image, seen.address) == ("older", "frontdesk-runtime:1", ADDRESS)
    assert readiness(TenantObjects("luna", SET, older, CLAIM)) == Readiness(
        ready=False, reason="the pod of the wish before still runs"
    )


READINESS = {
    "ready": (kubelet.running(POD), Readiness(ready=True)),
    "not yet": (
        kubelet.running(POD, ready=False),
        Readiness(ready=False, reason="containers with unready status: [runtime]"),
    ),
    "no image": (kubelet.waiting(POD, "ErrImagePull"), Readiness(ready=False, reason=NO_IMAGE)),
    "starting": ({}, Readiness(ready=False, reason="it is starting")),
}


@pytest.mark.parametrize(("status", "expected"), READINESS.values(), ids=READINESS)
def test_readiness_is_the_pods(status: JSONObject, expected: Readiness) -> None:
    assert readiness(TenantObjects("luna", SET, pod(status), CLAIM)) == expected
