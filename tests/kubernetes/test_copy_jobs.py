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
from platform_admin.fleet.drivers.kubernetes.driver import KubernetesDriver
from platform_admin.fleet.drivers.kubernetes.kinds import JOBS, PODS, STATEFUL_SETS
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
    driver.apply(wanted)
    assert job(api, settings) is None


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
    assert job(api, settings) is None
