"""The Job of a copy that does not go away as asked: told at once, waited for in no pass, taken for no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, override

import pytest

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.errors import RefusedError, StateUnavailableError
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI
from platform_admin.fleet.drivers.kubernetes.copy_jobs import CopyJobs
from platform_admin.fleet.drivers.kubernetes.kinds import JOBS, Kind
from platform_admin.fleet.drivers.kubernetes.manifests.copy_job import copy_job
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings

SETTINGS = KubernetesSettings()
WANTED = WantedRuntime("luna", image="runtime:1")
SINCE = "2026-01-05T12:00:00Z"
JOB = "frontdesk-luna-copy"
FAILED: JSONObject = {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": "it has failed"}
COMPLETE: JSONObject = {"type": "Complete", "status": "True"}


class OneJob(KubernetesAPI):
    """A server with room for one Job. ``finalizers`` are put on every Job, ``ends`` is how each comes to its end."""

    def __init__(self, *, finalizers: Sequence[str] = (), ends: JSONObject = COMPLETE) -> None:
        self.job: Any = None
        self.asked: list[str] = []
        self._finalizers = list(finalizers)
        self._ends = ends
        self._made = 0

    @override
    def get(self, kind: Kind, *, namespace: str, name: str) -> JSONObject | None:
        found: JSONObject | None = self.job
        return found

    @override
    def objects(self, kind: Kind, *, namespace: str, selector: str = "", fields: str = "") -> list[JSONObject]:
        return []

    @override
    def create(self, kind: Kind, manifest: Any) -> JSONObject:
        self.asked.append("create")
        self._made += 1
        meta = {**manifest["metadata"], "uid": f"job {self._made}", "creationTimestamp": SINCE}
        self.job = {**manifest, "metadata": {**meta, "finalizers": self._finalizers}}
        self.job["status"] = {"conditions": [self._ends]}
        made: JSONObject = self.job
        return made

    @override
    def delete(self, kind: Kind, found: Any, *, pods_first: bool = False) -> None:
        self.asked.append("delete, pods first" if pods_first else "delete")
        assert found["metadata"]["uid"] == self.job["metadata"]["uid"]
        if self._finalizers:
            self.job["metadata"]["deletionTimestamp"] = SINCE
        else:
            self.job = None


def ended(api: OneJob) -> OneJob:
    api.create(JOBS, copy_job(WANTED, SETTINGS, ("backup",)))
    api.asked.clear()
    return api


LAST = f"The engine refuses luna: the last copy's Job {JOB}"
REFUSALS = {
    "held by another program": (
        ["foregroundDeletion", "shop.example/keep"],
        f"{LAST} is being deleted since {SINCE} and held by shop.example/keep",
    ),
    "its pod is still there": (
        ["foregroundDeletion"],
        f"{LAST} goes away since {SINCE}, and its pod before it; it is started after that",
    ),
}


@pytest.mark.parametrize(("finalizers", "told"), REFUSALS.values(), ids=REFUSALS)
def test_an_ended_job_that_stays_is_told_of_and_nothing_is_put_in_its_place(finalizers: list[str], told: str) -> None:
    api = ended(OneJob(finalizers=finalizers))
    jobs = CopyJobs(api, SETTINGS, ends_within_s=0)
    with pytest.raises(RefusedError) as in_a_pass:
        jobs.refuse_while_under_way("luna")
    with pytest.raises(RefusedError) as by_hand:
        jobs.run(WANTED, ("restore",))
    assert (str(in_a_pass.value), str(by_hand.value)) == (told, told)
    assert api.asked == ["delete, pods first"]


def test_an_ended_job_that_goes_is_in_nobodys_way() -> None:
    api = ended(OneJob())
    CopyJobs(api, SETTINGS, ends_within_s=0).refuse_while_under_way("luna")
    assert (api.job, api.asked) == (None, ["delete, pods first"])


def test_why_a_copy_failed_is_told_also_when_its_job_stays() -> None:
    api = OneJob(finalizers=["shop.example/keep"], ends=FAILED)
    with pytest.raises(StateUnavailableError, match="it has failed"):
        CopyJobs(api, SETTINGS, ends_within_s=0).run(WANTED, ("backup",))
    assert api.asked == ["create", "delete, pods first"]


def test_a_copy_that_is_made_is_made_also_when_its_job_stays() -> None:
    api = OneJob(finalizers=["shop.example/keep"])
    CopyJobs(api, SETTINGS, ends_within_s=0).run(WANTED, ("backup",))
    assert api.asked == ["create", "delete, pods first"]


class Replaced(OneJob):
    """Somebody puts another Job in the place of ours, which is complete."""

    @override
    def create(self, kind: Kind, manifest: Any) -> JSONObject:
        made = super().create(kind, manifest)
        self.job = {**self.job, "metadata": {**self.job["metadata"], "uid": "another"}}
        return made

    @override
    def delete(self, kind: Kind, found: Any, *, pods_first: bool = False) -> None:
        """The precondition keeps another one of that name from going."""
        self.asked.append(f"delete {found['metadata']['uid']}")


def test_another_jobs_end_is_not_taken_for_ours() -> None:
    api = Replaced()
    with pytest.raises(StateUnavailableError, match=f"somebody has deleted the Job {JOB}"):
        CopyJobs(api, SETTINGS, ends_within_s=0).run(WANTED, ("backup",))
    assert api.asked == ["create", "delete job 1"]


class DeletedAtWork(OneJob):
    """Somebody deletes our Job while it is at work, and another program keeps it. Asked ten times at most."""

    @override
    def create(self, kind: Kind, manifest: Any) -> JSONObject:
        made = super().create(kind, manifest)
        self.job["metadata"]["deletionTimestamp"] = SINCE
        self.job["status"] = {}
        return made

    @override
    def get(self, kind: Kind, *, namespace: str, name: str) -> JSONObject | None:
        self.asked.append("get")
        assert self.asked.count("get") <= 10
        return super().get(kind, namespace=namespace, name=name)


def test_a_job_that_somebody_deletes_at_work_is_told_at_once_and_by_whom_it_is_held() -> None:
    api = DeletedAtWork(finalizers=["foregroundDeletion", "shop.example/keep"])
    with pytest.raises(StateUnavailableError) as failed:
        CopyJobs(api, SETTINGS, ends_within_s=0).run(WANTED, ("backup",))
    told = f"somebody has deleted the Job {JOB} before its end; it is held by shop.example/keep"
    assert str(failed.value) == f"The state of luna cannot be used: {told}"


def test_a_removed_tenants_job_is_asked_to_go_and_not_waited_for() -> None:
    api = ended(OneJob(finalizers=["shop.example/keep"]))
    CopyJobs(api, SETTINGS).take_away("luna")
    assert (api.asked, api.job["metadata"]["deletionTimestamp"]) == (["delete, pods first"], SINCE)
