"""A Job that brings or fetches a copy: the runtime's pod without its door, on the same volume, run once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.kubernetes.manifests.stateful_set import pod_around, runtime_container
from platform_admin.fleet.drivers.kubernetes.names import copy_labels_of, job_name
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings

CONTAINER: Final = "copy"

DEADLINE_S: Final = 2400
"""What the program gives itself for the way (``runtime/control_plane/copies.py``), and its work before and after."""

_KEPT_S: Final = 3600
"""One that nobody waited for to the end goes by itself, where the cluster does that (Kubernetes 1.21 and newer)."""

_WITHOUT_A_DOOR: Final = frozenset({"ports", "startupProbe", "livenessProbe", "readinessProbe"})


def copy_job(wanted: WantedRuntime, settings: KubernetesSettings, arguments: Sequence[str]) -> JSONObject:
    tenant = wanted.tenant
    labels = copy_labels_of(tenant)
    container = {name: part for name, part in runtime_container(wanted).items() if name not in _WITHOUT_A_DOOR}
    container |= {
        "name": CONTAINER,
        "command": ["python", "-m", "runtime", *arguments],
        # Whoever waits is told the last line: https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": job_name(tenant), "namespace": settings.namespace_of(tenant), "labels": {**labels}},
        "spec": {
            "backoffLimit": 0,  # what failed once is told to a person
            "activeDeadlineSeconds": DEADLINE_S,
            "ttlSecondsAfterFinished": _KEPT_S,
            "template": {
                "metadata": {"labels": {**labels}},
                "spec": {**pod_around(container, wanted.tenant, settings), "restartPolicy": "Never"},
            },
        },
    }
