"""A pass need not wait for its time when something changes."""

from __future__ import annotations

import threading
from dataclasses import replace

from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI
from platform_admin.fleet.drivers.kubernetes.driver import KubernetesDriver
from platform_admin.fleet.drivers.kubernetes.kinds import STATEFUL_SETS
from platform_admin.fleet.drivers.kubernetes.names import OURS
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings
from tests.kubernetes.cluster import Cluster

A_WHILE_S = 60


def version_now(api: KubernetesAPI, settings: KubernetesSettings) -> str:
    return api.version_of_list(STATEFUL_SETS, namespace=settings.namespace, selector=OURS)


def test_nothing_changed(driver: KubernetesDriver) -> None:
    assert not driver.changed(within_s=1)


def test_a_change_ends_the_wait(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings, wanted: WantedRuntime
) -> None:
    since = version_now(api, settings)
    found: list[bool] = []
    waiting = threading.Thread(target=lambda: found.append(driver.changed_since(since, within_s=A_WHILE_S)))
    waiting.start()
    driver_of_another_thread = replace(wanted)
    KubernetesDriver(api, settings).apply(driver_of_another_thread)
    waiting.join(A_WHILE_S)
    assert found == [True]


def test_what_is_anothers_ends_no_wait(
    driver: KubernetesDriver, api: KubernetesAPI, settings: KubernetesSettings
) -> None:
    since = version_now(api, settings)
    api.apply(
        STATEFUL_SETS,
        {
            "apiVersion": "apps/v1",
            "kind": "StatefulSet",
            "metadata": {"name": "shop", "namespace": settings.namespace},
            "spec": {
                "serviceName": "shop",
                "selector": {"matchLabels": {"app": "shop"}},
                "template": {
                    "metadata": {"labels": {"app": "shop"}},
                    "spec": {"containers": [{"name": "shop", "image": "shop"}]},
                },
            },
        },
        force=False,
    )
    assert not driver.changed_since(since, within_s=1)


def test_a_moment_that_the_server_has_forgotten_counts_as_a_change(
    driver: KubernetesDriver,
    cluster: Cluster,
    api: KubernetesAPI,
    settings: KubernetesSettings,
    wanted: WantedRuntime,
) -> None:
    since = version_now(api, settings)
    driver.apply(wanted)
    driver.remove("luna", keep_volume=False)
    cluster.forget_history()
    assert driver.changed_since(since, within_s=1)
