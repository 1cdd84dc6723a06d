"""The runtime's program run once on a stopped tenant's volume: one Job at a time, watched to its end and taken away.

The Job's name is the lock: while it is there and has not ended, no other is made and no runtime is started.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.errors import ImageMissingError, RefusedError, StateUnavailableError
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI
from platform_admin.fleet.drivers.kubernetes.kinds import JOBS, PODS
from platform_admin.fleet.drivers.kubernetes.looking import why_nothing_was_made
from platform_admin.fleet.drivers.kubernetes.manifests.copy_job import DEADLINE_S, copy_job
from platform_admin.fleet.drivers.kubernetes.names import APP, APP_NAME, is_of, job_name, ours_of
from platform_admin.fleet.drivers.kubernetes.seeing import has_no_image, why_it_waits
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings

_LOOK_EVERY_S: Final = 0.5
_ENDS_WITHIN_S: Final = 60.0
"""A pod's own grace, and as much again for a node that is busy."""
_BEGINS_WITHIN_S: Final = 300.0
"""A node is added and an image fetched within it."""


class CopyJobs:
    """What the driver does with Jobs. Verbs raise ``StatusError`` and ``DriverError``."""

    def __init__(self, api: KubernetesAPI, settings: KubernetesSettings) -> None:
        self._api = api
        self._settings = settings

    def refuse_while_under_way(self, tenant: str) -> None:
        """Return when no Job of the tenant is at work; one that has ended is taken away."""
        found = self._found(tenant)
        if found is None:
            return
        if not is_of(found, tenant):
            raise RefusedError(tenant, f"there is a Job {job_name(tenant)} that is not ours; rename or delete it")
        if not _end(found):
            since = found["metadata"]["creationTimestamp"]
            raise RefusedError(tenant, f"a copy of it is under way since {since}; wait until that is over")
        self.take_away(tenant)

    def run(self, wanted: WantedRuntime, arguments: Sequence[str]) -> None:
        """To its end. What a pod needs is there, and the runtime is wanted stopped."""
        tenant = wanted.tenant
        self.refuse_while_under_way(tenant)
        self._until_runtime_is_gone(tenant)
        self._api.apply(JOBS, copy_job(wanted, self._settings, arguments), force=True)
        try:
            self._until_done(wanted)
        finally:
            self.take_away(tenant)

    def take_away(self, tenant: str) -> None:
        """Have no Job of the tenant; whatever still runs of one is ended."""
        found = self._found(tenant)
        if found is None or not is_of(found, tenant):
            return
        self._api.delete(JOBS, found)
        deadline = time.monotonic() + _ENDS_WITHIN_S
        while self._found(tenant) is not None and time.monotonic() < deadline:
            time.sleep(_LOOK_EVERY_S)

    def _until_runtime_is_gone(self, tenant: str) -> None:
        deadline = time.monotonic() + _ENDS_WITHIN_S
        while left := [pod for pod in self._pods(tenant) if pod["metadata"]["labels"].get(APP_NAME) == APP]:
            if time.monotonic() >= deadline:
                raise RefusedError(tenant, f"its pod {left[0]['metadata']['name']} is still there; ask again later")
            time.sleep(_LOOK_EVERY_S)

    def _until_done(self, wanted: WantedRuntime) -> None:
        tenant, started = wanted.tenant, time.monotonic()
        while True:
            found = self._found(tenant)
            if found is None:
                raise StateUnavailableError(tenant, f"somebody has deleted the Job {job_name(tenant)}")
            pod = next((one for one in self._pods(tenant) if _made_by(found, one)), None)
            if end := _end(found):
                if end == "Failed":
                    raise StateUnavailableError(tenant, _last_words(pod) or _message(found))
                return
            if pod is not None and has_no_image(pod):
                raise ImageMissingError(wanted.image, tenant=tenant)
            if time.monotonic() - started >= _BEGINS_WITHIN_S and not _has_begun(pod):
                raise RefusedError(tenant, self._why_it_does_not_begin(found, pod))
            time.sleep(_LOOK_EVERY_S)

    def _why_it_does_not_begin(self, job: JSONObject, pod: JSONObject | None) -> str:
        reason = why_nothing_was_made(self._api, job) if pod is None else why_it_waits(pod)
        return reason or f"no node takes its pod within {_BEGINS_WITHIN_S:.0f} s"

    def _pods(self, tenant: str) -> list[Any]:
        return list(self._api.objects(PODS, namespace=self._settings.namespace_of(tenant), selector=ours_of(tenant)))

    def _found(self, tenant: str) -> Any:  # noqa: ANN401 - JSON
        return self._api.get(JOBS, namespace=self._settings.namespace_of(tenant), name=job_name(tenant))


def _end(job: Any) -> str:  # noqa: ANN401 - JSON
    """``Complete``, ``Failed``, or ``""`` while it is at work."""
    conditions = job.get("status", {}).get("conditions") or ()
    return next(
        (str(one["type"]) for one in conditions if one["type"] in {"Complete", "Failed"} and one["status"] == "True"),
        "",
    )


def _made_by(job: Any, pod: Any) -> bool:  # noqa: ANN401 - JSON
    """A pod of an earlier Job may still be there: its name is the same, its uid is not."""
    return any(owner["uid"] == job["metadata"]["uid"] for owner in pod["metadata"].get("ownerReferences", ()))


def _message(job: Any) -> str:  # noqa: ANN401 - JSON
    failed = next(one for one in job["status"]["conditions"] if one["type"] == "Failed")
    reason = str(failed.get("reason", ""))
    return f"it took longer than {DEADLINE_S} s" if reason == "DeadlineExceeded" else str(failed.get("message", reason))


def _last_words(pod: Any) -> str:  # noqa: ANN401 - JSON
    """The last line that the program wrote, as the kubelet keeps it (``FallbackToLogsOnError``)."""
    ended = _state(pod).get("terminated") or {}
    return str(ended.get("message", "")).strip().rpartition("\n")[2].removeprefix("frontdesk-runtime: ")


def _has_begun(pod: Any) -> bool:  # noqa: ANN401 - JSON
    return bool({"running", "terminated"} & _state(pod).keys())


def _state(pod: Any) -> Any:  # noqa: ANN401 - JSON
    statuses = (pod or {}).get("status", {}).get("containerStatuses") or [{}]
    return statuses[0].get("state", {})
