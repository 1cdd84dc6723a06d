"""From a tenant's objects to one word and one sentence about its runtime. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import Readiness, RuntimeState, SeenRuntime
from platform_admin.fleet.drivers.errors import ImageMissingError
from platform_admin.fleet.drivers.kubernetes.names import FINGERPRINT

_CONFIGURATION_REFUSED: Final = 78
"""EX_CONFIG of sysexits.h: a runtime says that starting it again cannot help."""

_NO_IMAGE: Final = frozenset({"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"})
_BROKEN: Final = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError"})
"""Why a container waits, in the kubelet's words (pkg/kubelet/images/types.go and kubelet/container/sync_result.go)."""


@dataclass(frozen=True, slots=True)
class TenantObjects:
    """What a cluster has of one tenant, each as the API gives it. ``refusal``: why its pod could not be made."""

    tenant: str
    stateful_set: JSONObject | None = None
    pod: JSONObject | None = None
    volume_claim: JSONObject | None = None
    refusal: str = ""


def seen_runtime(objects: TenantObjects, *, address: str, drifted: bool = False) -> SeenRuntime:
    stateful_set: Any = objects.stateful_set
    image, fingerprint, restarts = _made_from(objects)
    state, reason = _state(objects)
    return SeenRuntime(
        tenant=objects.tenant,
        state=state,
        reason=reason,
        restarts=restarts,
        image=image,
        fingerprint="" if drifted else fingerprint,
        address=address if stateful_set is not None and stateful_set["spec"]["replicas"] else "",
        has_volume=objects.volume_claim is not None,
    )


def readiness(objects: TenantObjects) -> Readiness:
    """As the kubelet knows it from the runtime's ``/ready``; that of a pod of an older wish counts for nothing."""
    state, reason = _state(objects)
    pod: Any = objects.pod
    if state is not RuntimeState.RUNNING or pod is None:
        return Readiness(ready=False, reason=reason or "it does not run")
    if _fingerprint(pod) != _fingerprint(objects.stateful_set):
        return Readiness(ready=False, reason="the pod of the wish before still runs")
    condition = _condition(pod, "Ready")
    if condition.get("status") == "True":
        return Readiness(ready=True)
    return Readiness(ready=False, reason=condition.get("message") or "its /ready does not say yes")


def half_deleted(found: Sequence[JSONObject]) -> str:
    """What holds an object that is being deleted, in one line; ``""`` when nothing is."""
    for one in found:
        meta: Any = one["metadata"]
        held_by = [*meta.get("finalizers", ())]
        if meta.get("deletionTimestamp") and held_by:
            kind = one.get("kind", "an object")
            return (
                f"{kind} {meta['name']} is being deleted since {meta['deletionTimestamp']} "
                f"and held by {', '.join(held_by)}"
            )
    return ""


def _state(objects: TenantObjects) -> tuple[RuntimeState, str]:
    stateful_set: Any = objects.stateful_set
    pod: Any = objects.pod
    held = half_deleted([found for found in (stateful_set, objects.volume_claim) if found is not None])
    if stateful_set is None:
        return (RuntimeState.STOPPED, "it is ending") if pod is not None else (RuntimeState.ABSENT, held)
    if held:
        return RuntimeState.FAILED, held
    if not stateful_set["spec"]["replicas"]:
        return RuntimeState.STOPPED, "" if pod is None else "it is ending"
    if pod is None:
        return (RuntimeState.FAILED, objects.refusal) if objects.refusal else (RuntimeState.RESTARTING, "no pod yet")
    if pod["metadata"].get("deletionTimestamp"):
        return RuntimeState.RESTARTING, "it is being replaced"
    return _state_of_pod(pod, tenant=objects.tenant)


def _state_of_pod(pod: Any, *, tenant: str) -> tuple[RuntimeState, str]:  # noqa: ANN401 - JSON
    container = _container(pod)
    now = container.get("state", {})
    waiting = now.get("waiting")
    if "running" in now:
        return RuntimeState.RUNNING, ""
    if has_no_image(pod):
        return RuntimeState.FAILED, str(ImageMissingError(pod["spec"]["containers"][0]["image"], tenant=tenant))
    if waiting and waiting.get("reason") in _BROKEN:
        return RuntimeState.FAILED, why_it_waits(pod)
    ended = now.get("terminated") or container.get("lastState", {}).get("terminated")
    if ended:
        refused = ended.get("exitCode") == _CONFIGURATION_REFUSED
        why = f"ended with status {ended.get('exitCode')}: {_one_line(ended.get('message') or ended.get('reason', ''))}"
        return (RuntimeState.FAILED if refused else RuntimeState.RESTARTING), why.removesuffix(": ")
    reason = why_it_waits(pod)
    return (RuntimeState.FAILED, reason) if reason else (RuntimeState.RESTARTING, "it is starting")


def has_no_image(pod: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether its container waits for an image that the node cannot get."""
    return (_container(pod).get("state", {}).get("waiting") or {}).get("reason") in _NO_IMAGE


def why_it_waits(pod: Any) -> str:  # noqa: ANN401 - JSON
    """What keeps a pod from beginning and does not end by itself, in one line; ``""`` when nothing is known to."""
    waiting = _container(pod).get("state", {}).get("waiting") or {}
    if waiting.get("reason") in _BROKEN:
        return f"{waiting['reason']}: {_one_line(waiting.get('message', ''))}"
    scheduled = _condition(pod, "PodScheduled")
    if scheduled.get("reason") == "Unschedulable":
        return f"no node has room for it: {_one_line(scheduled.get('message', ''))}"
    return ""


def _made_from(objects: TenantObjects) -> tuple[str, str, int]:
    """Image, fingerprint and restarts: of the pod where there is one, since that is what runs."""
    pod: Any = objects.pod
    stateful_set: Any = objects.stateful_set
    if stateful_set is None:
        return "", "", 0
    if pod is not None:
        return pod["spec"]["containers"][0]["image"], _fingerprint(pod), _container(pod).get("restartCount", 0)
    return stateful_set["spec"]["template"]["spec"]["containers"][0]["image"], _fingerprint(stateful_set), 0


def _fingerprint(found: Any) -> str:  # noqa: ANN401 - JSON
    return str(((found or {}).get("metadata", {}).get("annotations") or {}).get(FINGERPRINT, ""))


def _container(pod: Any) -> Any:  # noqa: ANN401 - JSON
    statuses = pod.get("status", {}).get("containerStatuses") or [{}]
    return statuses[0]


def _condition(pod: Any, name: str) -> Any:  # noqa: ANN401 - JSON
    conditions = pod.get("status", {}).get("conditions") or ()
    return next((one for one in conditions if one["type"] == name), {})


def _one_line(text: str) -> str:
    return " ".join(text.split())
