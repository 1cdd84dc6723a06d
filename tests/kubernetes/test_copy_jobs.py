"""A Job for a copy under bad luck: one at a time, told in one line, and gone at its end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.errors import ImageMissingError, RefusedError, StateUnavailableError
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI
from platform_admin.fleet.drivers.kubernetes.copy_jobs import CopyJobs
from platform_admin.fleet.drivers.kubernetes.driver import KubernetesDriver
from platform_admin.fleet.drivers.kubernetes.kinds import JOBS, PODS, STATEFUL_SETS, Kind
from platform_admin.fleet.drivers.kubernetes.manifests.copy_job import copy_job
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings
from tests.kubernetes import kubelet
from tests.kubernetes.waiting import eventually

JOB = "frontdesk-luna-copy"
ARGUMENTS = ("backup", "--hand-over", "ticket")


def job(api: KubernetesAPI, settings: KubernetesSettings) -> Any:
    return api.get(JOBS, namespace=settings.namespace, name=JOB)


def pod(api: KubernetesAPI, settings: KubernetesSettings) -> Any:
    """The Job's, once its controller has made it."""
    selector = f"job-name={JOB}"
    eventually(lambda: bool(api.objects(PODS, namespace=settings.namespace, selector=selector)))
    return api.objects(PODS, namespace=settings.namespace, selector=selector)[0]


def test_while_one_is_under_way_no_runtime_is_started_and_no_other_made(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    api.apply(JOBS, copy_job(wanted, settings, ARGUMENTS), force=True)
    uid = job(api, settings)["metadata"]["uid"]
    attempts: list[Callable[[], object]] = [
        lambda: driver.apply(wanted),
        lambda: driver.run_beside(wanted, ARGUMENTS),
    ]
    for refused in attempts:
        with pytest.raises(RefusedError, match=r"a copy of it is under way since .*; wait until that is over$"):
            refused()
    assert job(api, settings)["metadata"]["uid"] == uid
    assert api.objects(STATEFUL_SETS, namespace=settings.namespace) == []
    made = pod(api, settings)
    kubelet.put_status(api, made, kubelet.ended_for_good(made, 0))
    eventually(lambda: bool(job(api, settings)["status"].get("succeeded")))
    eventually(lambda: applied(driver, wanted))
    assert job(api, settings) is None


def applied(driver: KubernetesDriver, wanted: WantedRuntime) -> bool:
    """Not while the last Job goes away: a pass does not wait for it."""
    try:
        driver.apply(wanted)
    except RefusedError as refused:
        assert "the last copy's Job frontdesk-luna-copy goes away" in str(refused)  # noqa: PT017 - may be gone at once
        return False
    return True


def test_a_job_that_another_program_holds_is_told_of_and_taken_for_no_other(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    driver.apply(wanted)
    driver.stop("luna")
    old: Any = copy_job(wanted, settings, ("backup", "--hand-over", "an older ticket"))
    old["metadata"]["finalizers"] = ["shop.example/keep"]
    api.apply(JOBS, old, force=True)
    uid = job(api, settings)["metadata"]["uid"]
    made = pod(api, settings)
    kubelet.put_status(api, made, kubelet.ended_for_good(made, 0))
    eventually(lambda: bool(job(api, settings)["status"].get("succeeded")))
    told = rf"the last copy's Job {JOB} is being deleted since \S+ and held by shop\.example/keep"
    eventually(lambda: "held by" in refusal(driver, wanted))
    with pytest.raises(RefusedError, match=told):
        CopyJobs(api, settings, ends_within_s=1).run(wanted, ARGUMENTS)
    assert job(api, settings)["metadata"]["uid"] == uid
    api.merge(JOBS, namespace=settings.namespace, name=JOB, change={"metadata": {"finalizers": None}})
    eventually(lambda: job(api, settings) is None)


def test_a_job_that_is_deleted_at_work_and_held_by_another_program_is_told_of_at_once(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    driver.apply(wanted)
    driver.stop("luna")
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(CopyJobs(api, settings, ends_within_s=1).run, wanted, ARGUMENTS)
        pod(api, settings)
        keep: JSONObject = {"metadata": {"finalizers": ["shop.example/keep"]}}
        api.merge(JOBS, namespace=settings.namespace, name=JOB, change=keep)
        api.delete(JOBS, job(api, settings), pods_first=True)
        with pytest.raises(StateUnavailableError, match=r"before its end; it is held by shop\.example/keep$"):
            running.result()
    api.merge(JOBS, namespace=settings.namespace, name=JOB, change={"metadata": {"finalizers": None}})
    eventually(lambda: job(api, settings) is None)


def refusal(driver: KubernetesDriver, wanted: WantedRuntime) -> str:
    with pytest.raises(RefusedError) as refused:
        driver.apply(wanted)
    return str(refused.value)


class OvertakenAPI(KubernetesAPI):
    """Has another one make its Job while the first one looks whether a runtime is left."""

    def __init__(self, inner: KubernetesAPI, rival: JSONObject) -> None:
        super().__init__(inner._client)
        self._rival = rival

    def objects(self, kind: Kind, *, namespace: str, selector: str = "", fields: str = "") -> list[JSONObject]:
        self.apply(JOBS, self._rival, force=True)
        return super().objects(kind, namespace=namespace, selector=selector, fields=fields)


def test_of_two_that_find_nobody_at_work_one_is_refused_and_does_nothing_to_the_other(
    api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    rival = copy_job(wanted, settings, ("backup", "--hand-over", "another ticket"))
    with pytest.raises(RefusedError, match=r"another copy of it has begun meanwhile; wait until that is over$"):
        CopyJobs(OvertakenAPI(api, rival), settings).run(wanted, ARGUMENTS)
    (container,) = job(api, settings)["spec"]["template"]["spec"]["containers"]
    assert container["command"] == ["python", "-m", "runtime", "backup", "--hand-over", "another ticket"]
    assert not job(api, settings)["metadata"].get("deletionTimestamp")


def test_another_programs_job_of_that_name_is_left_alone(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    theirs: Any = copy_job(wanted, settings, ARGUMENTS)
    theirs["metadata"]["labels"] = {"app": "shop"}
    api.apply(JOBS, theirs, force=True)
    with pytest.raises(RefusedError, match=rf"there is a Job {JOB} that is not ours"):
        driver.run_beside(wanted, ARGUMENTS)
    driver.remove("luna", keep_volume=False)
    assert job(api, settings)["metadata"]["labels"] == {"app": "shop"}


def test_a_program_that_fails_is_told_by_its_last_line(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(driver.run_beside, wanted, ARGUMENTS)
        made = pod(api, settings)
        said = "more before it\nfrontdesk-runtime: there is no state in /var/lib/frontdesk\n"
        kubelet.put_status(api, made, kubelet.ended_for_good(made, 1, said))
        with pytest.raises(StateUnavailableError) as failed:
            running.result()
    assert str(failed.value) == "The state of luna cannot be used: there is no state in /var/lib/frontdesk"
    assert job(api, settings) is None


def test_an_image_that_cannot_be_pulled_is_told_and_ends_the_wait(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(driver.run_beside, wanted, ARGUMENTS)
        made = pod(api, settings)
        kubelet.put_status(api, made, kubelet.waiting(made, "ImagePullBackOff", "Back-off pulling image"))
        with pytest.raises(ImageMissingError, match=r"^The image .* for luna is not there"):
            running.result()
    assert job(api, settings) is None


def test_a_tenant_that_is_removed_takes_its_job_along(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    api.apply(JOBS, copy_job(wanted, settings, ARGUMENTS), force=True)
    labels: JSONObject = job(api, settings)["metadata"]["labels"]
    assert labels["frontdesk/tenant"] == "luna"
    driver.remove("luna", keep_volume=True)
    eventually(lambda: job(api, settings) is None)
