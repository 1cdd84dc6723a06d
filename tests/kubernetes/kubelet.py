"""Stands in for a node. This cluster has none, so what a kubelet would write into a pod's status is written here.

That is all it does: no container runs. Statuses have the form that a kubelet gives them (v1.PodStatus).
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any, Self

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.drivers.errors import EngineUnreachableError
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI
from platform_admin.fleet.drivers.kubernetes.failures import StatusError
from platform_admin.fleet.drivers.kubernetes.kinds import PODS, Kind

_POLL_S = 0.1
_STATUS = Kind("Pod", "/api/v1", "pods")
_WHEN = "2026-11-29T12:00:00Z"


def running(pod: Any, *, ready: bool = True) -> JSONObject:
    return _status(pod, {"running": {"startedAt": _WHEN}}, phase="Running", ready=ready)


def waiting(pod: Any, reason: str, message: str = "") -> JSONObject:
    return _status(pod, {"waiting": {"reason": reason, "message": message}}, phase="Pending", ready=False)


def ended(pod: Any, code: int) -> JSONObject:
    state: JSONObject = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s restarting"}}
    last: JSONObject = {"terminated": {"exitCode": code, "reason": "Error"}}
    return _status(pod, state, phase="Running", ready=False, last=last, restarts=3)


def ended_for_good(pod: Any, code: int, message: str = "") -> JSONObject:
    """Of a pod that is not started again."""
    state: JSONObject = {"terminated": {"exitCode": code, "reason": "Error" if code else "Completed"}}
    if message:
        state = {"terminated": {"exitCode": code, "reason": "Error", "message": message}}
    return _status(pod, state, phase="Failed" if code else "Succeeded", ready=False)


def _status(
    pod: Any, state: JSONObject, *, phase: str, ready: bool, last: JSONObject | None = None, restarts: int = 0
) -> JSONObject:
    condition = {"status": str(ready), "lastTransitionTime": _WHEN}
    if not ready:
        condition |= {"reason": "ContainersNotReady", "message": "containers with unready status: [runtime]"}
    return {
        "phase": phase,
        "conditions": [
            {"type": "PodScheduled", "status": "True", "lastTransitionTime": _WHEN},
            {"type": "ContainersReady", **condition},
            {"type": "Ready", **condition},
        ],
        "containerStatuses": [
            {
                "name": pod["spec"]["containers"][0]["name"],
                "image": pod["spec"]["containers"][0]["image"],
                "imageID": "",
                "ready": ready,
                "restartCount": restarts,
                "state": state,
                "lastState": last or {},
            }
        ],
    }


def put_status(api: KubernetesAPI, pod: Any, status: JSONObject) -> None:
    """Over the subresource, as a kubelet does. A pod that is gone meanwhile is no trouble."""
    meta = pod["metadata"]
    with contextlib.suppress(StatusError):
        api.merge(_STATUS, namespace=meta["namespace"], name=f"{meta['name']}/status", change={"status": status})


class Kubelet:
    """A thread that says of every new pod that it runs and is ready, and of a Job's that it did its work."""

    def __init__(self, api: KubernetesAPI) -> None:
        self._api = api
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="kubelet")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ending.wait(_POLL_S):
            with contextlib.suppress(EngineUnreachableError):  # the test has killed it
                pods: list[Any] = self._api.objects(PODS, namespace="")
                for pod in pods:
                    if not pod["status"].get("containerStatuses"):
                        once = pod["spec"]["restartPolicy"] == "Never"
                        put_status(self._api, pod, ended_for_good(pod, 0) if once else running(pod))
