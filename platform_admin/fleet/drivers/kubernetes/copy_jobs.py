"""The runtime's program run once on a stopped tenant's volume: one Job at a time, watched to its end and taken away.

The Job's name is the lock: while it is there and has not ended, no other is made and no runtime is started.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.errors import DriverError, ImageMissingError, RefusedError, StateUnavailableError
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI
from platform_admin.fleet.drivers.kubernetes.failures import StatusError
from platform_admin.fleet.drivers.kubernetes.kinds import JOBS, PODS
from platform_admin.fleet.drivers.kubernetes.looking import why_nothing_was_made
from platform_admin.fleet.drivers.kubernetes.manifests.copy_job import DEADLINE_S, copy_job
from platform_admin.fleet.drivers.kubernetes.names import APP, APP_NAME, is_of, job_name, ours_of
from platform_admin.fleet.drivers.kubernetes.seeing import has_no_image, why_it_waits
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings
from platform_admin.fleet.drivers.last_words import last_words

_LOOK_EVERY_S: Final = 0.5
_ENDS_WITHIN_S: Final = 60.0
"""A pod's own grace, and as much again for a node that is busy."""
_BEGINS_WITHIN_S: Final = 300.0
"""A node is added and an image fetched within it."""


_WAITS_FOR_PODS: Final = "foregroundDeletion"
"""The garbage collector's own finalizer: the Job goes after its pods, which may be on the volume until then."""

log = logging.getLogger(__name__)


class CopyJobs:
    """What the driver does with Jobs. Verbs raise ``StatusError`` and ``DriverError``; ``run`` alone waits."""

    def __init__(
        self, api: KubernetesAPI, settings: KubernetesSettings, *, ends_within_s: float = _ENDS_WITHIN_S
    ) -> None:
        self._api = api
        self._settings = settings
        self._ends_within_s = ends_within_s

    def refuse_while_under_way(self, tenant: str) -> None:
        """Return when there is no Job of the tenant. One that has ended is asked to go; until then it is told of."""
        if (uid := self._asked_to_go(tenant)) and (found := self._this_very(tenant, uid)) is not None:
            raise RefusedError(tenant, _why_it_is_there(found))

    def run(self, wanted: WantedRuntime, arguments: Sequence[str]) -> None:
        """To its end. What a pod needs is there, and the runtime is wanted stopped."""
        tenant = wanted.tenant
        if uid := self._asked_to_go(tenant):
            self._until_gone(tenant, uid)
        self._until_runtime_is_gone(tenant)
        made = self._made(tenant, copy_job(wanted, self._settings, arguments))
        try:
            self._until_done(wanted, uid=made["metadata"]["uid"])
        finally:
            self._clear_up(tenant, made)

    def _made(self, tenant: str, manifest: JSONObject) -> Any:  # noqa: ANN401 - JSON
        """Created, since applying would change the Job of whoever was faster, or be told at length that it cannot."""
        try:
            return self._api.create(JOBS, manifest)
        except StatusError as error:
            if error.status != HTTPStatus.CONFLICT:
                raise
            raise RefusedError(tenant, "another copy of it has begun meanwhile; wait until that is over") from error

    def take_away(self, tenant: str) -> None:
        """Ask for the tenant's Job to go, and whatever still runs of it. Who comes next waits, or is refused."""
        found = self._found(tenant)
        if found is not None and is_of(found, tenant):
            self._api.delete(JOBS, found, pods_first=True)

    def _asked_to_go(self, tenant: str) -> str:
        """The uid of a Job that has ended, ``""`` where none is; ``RefusedError`` for one at work or another's."""
        found = self._found(tenant)
        if found is None:
            return ""
        if not is_of(found, tenant):
            raise RefusedError(tenant, f"there is a Job {job_name(tenant)} that is not ours; rename or delete it")
        if not found["metadata"].get("deletionTimestamp"):
            if not _end(found):
                since = found["metadata"]["creationTimestamp"]
                raise RefusedError(tenant, f"a copy of it is under way since {since}; wait until that is over")
            self._api.delete(JOBS, found, pods_first=True)
        return str(found["metadata"]["uid"])

    def _until_gone(self, tenant: str, uid: str) -> None:
        deadline = time.monotonic() + self._ends_within_s
        while (found := self._this_very(tenant, uid)) is not None:
            if time.monotonic() >= deadline:
                raise RefusedError(tenant, _why_it_is_there(found))
            time.sleep(_LOOK_EVERY_S)

    def _clear_up(self, tenant: str, made: Any) -> None:  # noqa: ANN401 - JSON
        """What came of the copy stands, and so does why it failed: what is left is told to whoever comes next."""
        try:
            self._api.delete(JOBS, made, pods_first=True)
            self._until_gone(tenant, made["metadata"]["uid"])
        except (StatusError, DriverError) as error:
            log.warning("%s: %s", tenant, error)

    def _until_runtime_is_gone(self, tenant: str) -> None:
        deadline = time.monotonic() + self._ends_within_s
        while left := [pod for pod in self._pods(tenant) if pod["metadata"]["labels"].get(APP_NAME) == APP]:
            if time.monotonic() >= deadline:
                raise RefusedError(tenant, f"its pod {left[0]['metadata']['name']} is still there; ask again later")
            time.sleep(_LOOK_EVERY_S)

    def _until_done(self, wanted: WantedRuntime, *, uid: str) -> None:
        tenant, started = wanted.tenant, time.monotonic()
        while True:
            found = self._this_very(tenant, uid)
            if found is None:
                raise StateUnavailableError(tenant, f"somebody has deleted the Job {job_name(tenant)}")
            pod = next((one for one in self._pods(tenant) if _made_by(found, one)), None)
            if _will_not_end(found) and pod is None:
                told = f"somebody has deleted the Job {job_name(tenant)} before its end"
                told += f"; it is held by {held_by}" if (held_by := _holders(found)) else ""
                raise StateUnavailableError(tenant, told)
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

    def _this_very(self, tenant: str, uid: str) -> Any:  # noqa: ANN401 - JSON
        """Not one of the same name that was made since."""
        found = self._found(tenant)
        return found if found is not None and found["metadata"]["uid"] == uid else None

    def _found(self, tenant: str) -> Any:  # noqa: ANN401 - JSON
        return self._api.get(JOBS, namespace=self._settings.namespace_of(tenant), name=job_name(tenant))


def _end(job: Any) -> str:  # noqa: ANN401 - JSON
    """``Complete``, ``Failed``, or ``""`` while it is at work."""
    conditions = job.get("status", {}).get("conditions") or ()
    return next(
        (str(one["type"]) for one in conditions if one["type"] in {"Complete", "Failed"} and one["status"] == "True"),
        "",
    )


def _why_it_is_there(job: Any) -> str:  # noqa: ANN401 - JSON
    meta = job["metadata"]
    since = f" since {meta['deletionTimestamp']}" if meta.get("deletionTimestamp") else ""
    if held_by := _holders(job):
        return f"the last copy's Job {meta['name']} is being deleted{since} and held by {held_by}"
    return f"the last copy's Job {meta['name']} goes away{since}, and its pod before it; it is started after that"


def _holders(job: Any) -> str:  # noqa: ANN401 - JSON
    """By whom it is kept from going, but for the garbage collector, which waits for its pods."""
    return ", ".join(name for name in job["metadata"].get("finalizers", ()) if name != _WAITS_FOR_PODS)


def _will_not_end(job: Any) -> bool:  # noqa: ANN401 - JSON
    """Deleted while it was at work: its controller makes no pod for it any more, and writes no end down."""
    return bool(job["metadata"].get("deletionTimestamp")) and not _end(job)


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
    return last_words(str(ended.get("message", "")))


def _has_begun(pod: Any) -> bool:  # noqa: ANN401 - JSON
    return bool({"running", "terminated"} & _state(pod).keys())


def _state(pod: Any) -> Any:  # noqa: ANN401 - JSON
    statuses = (pod or {}).get("status", {}).get("containerStatuses") or [{}]
    return statuses[0].get("state", {})
